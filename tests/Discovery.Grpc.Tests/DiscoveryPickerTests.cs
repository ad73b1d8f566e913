using System.Runtime.CompilerServices;
using Discovery.Grpc.Balancing;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Primitives;

namespace Discovery.Grpc.Tests;

public sealed class DiscoveryPickerTests
{
    [Fact]
    public void Pick_WhileTheServiceIsKnownToHaveNone_GoesToAConnectionThatIsReady()
    {
        var subchannel = (Subchannel)RuntimeHelpers.GetUninitializedObject(typeof(Subchannel)); // only the library itself makes them
        var picker = new DiscoveryPicker(new EmptyView(), new() { ["greeter-1"] = subchannel });

        var picked = picker.Pick(new global::Grpc.Net.Client.Balancer.PickContext());

        Assert.Same(subchannel, picked.Subchannel);
    }

    /// <summary>What a view is between the moment an instance has left and the moment the channel has been told.</summary>
    private sealed class EmptyView : IServiceView
    {
        public string ServiceName => "greeter";

        public ServiceSnapshot Current => throw new NotSupportedException();

        public IChangeToken GetChangeToken() => throw new NotSupportedException();

        public ValueTask WaitUntilReadyAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public bool TryPick(in PickRequest request, out ServicePick pick)
        {
            pick = default;
            return false;
        }

        public void Dispose()
        {
        }
    }
}
