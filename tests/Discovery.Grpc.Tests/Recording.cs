using Discovery.Testing;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ChannelPick = Grpc.Net.Client.Balancer.PickContext;

namespace Discovery.Grpc.Tests;

/// <summary>A load balancer on the library's own base class that notes what it is told, and how often it makes a picker.</summary>
internal sealed class Recording : LoadBalancerFactory
{
    public const string PolicyName = "recording";

    private Action? _refresh;
    private int _pickers;
    private int _updates;

    public override string Name => PolicyName;

    public int Pickers => Volatile.Read(ref _pickers);

    public int Updates => Volatile.Read(ref _updates);

    public IReadOnlyList<BalancerAddress>? Addresses { get; private set; }

    public static void AddTo(IServiceCollection services) => services.TryAddEnumerable(ServiceDescriptor.Singleton<LoadBalancerFactory, Recording>());

    /// <summary>The addresses that a channel with such credentials is given.</summary>
    public static async Task<IReadOnlyList<BalancerAddress>> AddressesAsync(GrpcHost host, ChannelCredentials credentials)
    {
        var recording = host.Services.GetServices<LoadBalancerFactory>().OfType<Recording>().Single();
        _ = host.Channel(PolicyName, credentials).ConnectAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => recording.Addresses is not null, cancellationToken: TestContext.Current.CancellationToken);
        return recording.Addresses!;
    }

    public override LoadBalancer Create(LoadBalancerOptions options)
    {
        _refresh = options.Controller.RefreshResolver;
        return new Balancer(this, options.Controller, options.LoggerFactory);
    }

    /// <summary>Asks for the addresses again, as a balancer does that has lost a connection.</summary>
    public void Refresh() => _refresh!();

    private sealed class Balancer(Recording recording, IChannelControlHelper controller, ILoggerFactory loggers) : SubchannelsLoadBalancer(controller, loggers)
    {
        public override void UpdateChannelState(ChannelState state)
        {
            recording.Addresses = state.Addresses;
            base.UpdateChannelState(state);
            Interlocked.Increment(ref recording._updates);
        }

        protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels)
        {
            Interlocked.Increment(ref recording._pickers);
            return new First(readySubchannels[0]);
        }
    }

    private sealed class First(Subchannel subchannel) : SubchannelPicker
    {
        public override PickResult Pick(ChannelPick context) => PickResult.ForSubchannel(subchannel);
    }
}
