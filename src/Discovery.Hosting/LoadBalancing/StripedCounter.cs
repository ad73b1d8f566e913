using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>Counts calls without a write that two processors share: each counts for itself, which is even enough for taking turns.</summary>
/// <remarks>A value, so that whoever holds it is one step from the counters; copies count together. The default is not usable.</remarks>
internal readonly struct StripedCounter
{
    private readonly Stripe[] _stripes;

    public StripedCounter(Chance chance)
    {
        _stripes = new Stripe[chance.Stripes];

        // Processors and processes that all began at 0 would take turns in step.
        foreach (ref var stripe in _stripes.AsSpan())
        {
            stripe.Value = (uint)chance.Random.Next();
        }
    }

    /// <summary>The next number. Two threads at once may, rarely, get the same.</summary>
    public uint Next() => StripeOf(ProcessorNumber.Recent).Value++;

    /// <summary>The next of so many that take turns, from 0 on. Costs a division at the end of a round only.</summary>
    public int Next(int count) => Next(count, ProcessorNumber.Recent);

    /// <summary>The same, for a caller that asked for the <see cref="ProcessorNumber"/> before it had anything else in hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int count, uint processor)
    {
        ref var stripe = ref StripeOf(processor);
        var turn = stripe.Value;
        if (turn >= (uint)count)
        {
            turn %= (uint)count;
        }

        stripe.Value = turn + 1;
        return (int)turn;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Stripe StripeOf(uint processor)
    {
        var stripes = _stripes;
        return ref stripes[processor & (uint)(stripes.Length - 1)];
    }

    // Two cache lines, because processors fetch them in pairs.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        [FieldOffset(64)]
        public uint Value;
    }
}
