using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>Counts calls without a write that two processors share: each counts for itself, which is even enough for taking turns.</summary>
internal sealed class StripedCounter
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

    /// <summary>The next number. Two threads on one processor may, rarely, get the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Next()
    {
        var stripes = _stripes;
        return stripes[Thread.GetCurrentProcessorId() & (stripes.Length - 1)].Value++;
    }

    /// <summary>The next of so many that take turns, from 0 on. Costs a division at the end of a round only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int count)
    {
        var stripes = _stripes;
        ref var stripe = ref stripes[Thread.GetCurrentProcessorId() & (stripes.Length - 1)];
        var turn = stripe.Value;
        if (turn >= (uint)count)
        {
            turn %= (uint)count;
        }

        stripe.Value = turn + 1;
        return (int)turn;
    }

    // Two cache lines, because processors fetch them in pairs.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        [FieldOffset(64)]
        public uint Value;
    }
}
