using Discovery.Grpc.Calls;
using Grpc.Net.Client.Balancer;
using ChannelPick = Grpc.Net.Client.Balancer.PickContext;

namespace Discovery.Grpc.Balancing;

/// <summary>Picks as callers of the service do who use no gRPC: by the service's own policy, over what the whole process has learned of its instances.</summary>
internal sealed class DiscoveryPicker : SubchannelPicker
{
    private readonly IServiceView _view;
    private readonly Dictionary<string, Subchannel> _ready;
    private readonly HashSet<string> _ids;
    private readonly Subchannel[] _subchannels;

    /// <param name="view">The service.</param>
    /// <param name="ready">The connections that are ready, by the IDs of their instances; at least one.</param>
    public DiscoveryPicker(IServiceView view, Dictionary<string, Subchannel> ready)
    {
        _view = view;
        _ready = ready;
        _ids = [.. ready.Keys];
        _subchannels = [.. ready.Values];
    }

    public bool PicksAmong(Dictionary<string, Subchannel> ready) =>
        _ready.Count == ready.Count && _ready.All(known => ready.TryGetValue(known.Key, out var subchannel) && subchannel == known.Value);

    public override PickResult Pick(ChannelPick context)
    {
        var call = FollowedCall.Current;
        var isFound = _view.TryPick(new PickRequest { Tried = call?.Tried }, out var pick);
        if (isFound && !_ready.ContainsKey(pick.Instance.Id))
        {
            // Not connected yet, or no more. Picked among the others only now: it costs a look at each.
            pick.Report(PickOutcome.Cancelled);
            isFound = _view.TryPick(new PickRequest { Tried = call?.Tried, Among = _ids }, out pick);
        }

        // Instances that the registry no longer names serve until the channel has been told.
        return isFound && _ready.TryGetValue(pick.Instance.Id, out var subchannel)
            ? PickResult.ForSubchannel(subchannel, PickedCall.Begin(context.Request, pick, call))
            : PickResult.ForSubchannel(_subchannels[Random.Shared.Next(_subchannels.Length)]);
    }
}
