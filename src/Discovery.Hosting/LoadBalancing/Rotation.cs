using System.Runtime.CompilerServices;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>Instances that are all the same to a call and take turns: what a pick by <see cref="RoundRobinPolicy"/> comes to most of the time, worked out beforehand.</summary>
/// <param name="members">The instances, at least one.</param>
/// <param name="turns">Whose turn it is.</param>
internal sealed class Rotation(ChunkedList<TierMember> members, StripedCounter turns)
{
    private readonly ChunkedList<TierMember> _members = members;
    private readonly StripedCounter _turns = turns;

    /// <summary>The next address; null where the instance has none.</summary>
    /// <param name="processor">The caller's <see cref="ProcessorNumber"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EndpointAddress? Next(uint processor)
    {
        var members = _members; // as a local, its parts come in registers
        var turns = _turns;
        return members[turns.Next(members.Count, processor)].Preferred;
    }
}
