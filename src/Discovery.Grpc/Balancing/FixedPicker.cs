using Grpc.Core;
using Grpc.Net.Client.Balancer;
using ChannelPick = Grpc.Net.Client.Balancer.PickContext;

namespace Discovery.Grpc.Balancing;

/// <summary>Does the same with every call, while there is no connection.</summary>
internal sealed class FixedPicker(PickResult result) : SubchannelPicker
{
    /// <summary>Calls wait for the next picker, up to their deadlines.</summary>
    public static FixedPicker Queue { get; } = new(PickResult.ForQueue());

    /// <summary>Calls fail, unless they wait for a connection.</summary>
    public static FixedPicker Fail(Status status) => new(PickResult.ForFailure(status));

    public override PickResult Pick(ChannelPick context) => result;
}
