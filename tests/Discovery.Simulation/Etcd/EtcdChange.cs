using Discovery.Simulation.Network;
using Mvccpb;

namespace Discovery.Simulation.Etcd;

/// <summary>One key written or deleted, as watches are told of it.</summary>
/// <param name="Event">What happened, at which revision.</param>
/// <param name="Call">The request that asked for it.</param>
internal sealed record EtcdChange(Event Event, Call Call)
{
    public string Key { get; } = Event.Kv.Key.ToStringUtf8();

    public long Revision => Event.Kv.ModRevision;

    public bool IsDeletion => Event.Type == Event.Types.EventType.Delete;
}
