using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc.Balancing;

/// <summary>The channel's connection to one instance.</summary>
internal sealed class InstanceConnection(Subchannel subchannel, BalancerAddress address)
{
    public Subchannel Subchannel => subchannel;

    public BalancerAddress Address => address;

    /// <summary>Calls can be sent over it now.</summary>
    public bool IsReady { get; private set; }

    /// <summary>What it last failed with; null where it has not since it was last ready.</summary>
    /// <remarks>Trying again does not clear it (gRFC A62): calls fail at once while nothing can be reached, rather than wait for attempt after attempt.</remarks>
    public Status? Failure { get; private set; }

    public void Changed(SubchannelState state)
    {
        IsReady = state.State is ConnectivityState.Ready;
        Failure = IsReady ? null : state.State is ConnectivityState.TransientFailure ? state.Status : Failure;
    }
}
