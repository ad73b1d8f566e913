using Discovery.Etcd.Channels;
using Discovery.Etcd.Leases;
using Discovery.Etcd.Tests.Watching;
using Discovery.Etcd.Watching;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Etcd.Tests.Channels;

/// <summary>One who finds that a member is silent replaces its connection, at any moment of what others are about to begin there.</summary>
public sealed class EtcdEndpointTests(SharedEtcdServer etcd)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Moment.BeforeTheInvoker)]
    [InlineData(Moment.AfterTheInvoker)]
    [InlineData(Moment.AfterTheCall)]
    public async Task Call_WhileTheConnectionIsReplaced_GoesOverTheNewOne(Moment moment)
    {
        var way = new ReplacedWay();
        using var client = await ClientAsync(way);
        way.ReplaceAt(moment, client.Endpoints.Current);

        await client.RangeAsync("/", keysOnly: true, "list", Cancelled);

        Assert.Equal(2, way.Connections);
    }

    [Theory]
    [InlineData(Moment.BeforeTheInvoker)]
    [InlineData(Moment.AfterTheInvoker)]
    public async Task KeepAliveStream_WhileTheConnectionIsReplaced_OpensOnTheNewOne(Moment moment)
    {
        var way = new ReplacedWay();
        using var client = await ClientAsync(way);
        await using var stream = new KeepAliveStream(client, TimeProvider.System, NullLogger.Instance);
        var lease = await client.GrantAsync(10, Cancelled);
        way.ReplaceAt(moment, client.Endpoints.Current);

        Assert.True(await stream.KeepAliveAsync(lease.ID, TimeSpan.FromSeconds(lease.TTL)) > TimeSpan.Zero);

        Assert.Equal(2, way.Connections);
    }

    [Theory]
    [InlineData(Moment.BeforeTheInvoker)]
    [InlineData(Moment.AfterTheInvoker)]
    public async Task WatchStream_WhileTheConnectionIsReplaced_OpensOnTheNewOne(Moment moment)
    {
        var way = new ReplacedWay();
        using var client = await ClientAsync(way);
        await using var stream = new WatchStream(client, TimeProvider.System, NullLogger.Instance);
        var observer = new AwaitedObserver();
        way.ReplaceAt(moment, client.Endpoints.Current);

        stream.Subscribe(new WatchSubscription("/any", rangeEnd: null, startRevision: 1, "read", observer));

        await observer.Alive.WaitAsync(Eventually.DefaultBound, Cancelled);
        Assert.Equal(2, way.Connections);
    }

    [Fact]
    public async Task WatchStream_WhereOpeningItFailsInAnUnknownWay_LosesItsWatchesAndServesLaterOnes()
    {
        var way = new ReplacedWay { Failure = new InvalidOperationException("unheard of") };
        using var client = await ClientAsync(way);
        await using var stream = new WatchStream(client, TimeProvider.System, NullLogger.Instance);
        var (lost, served) = (new AwaitedObserver(), new AwaitedObserver());

        stream.Subscribe(new WatchSubscription("/any", rangeEnd: null, startRevision: 1, "read", lost));
        var reason = await lost.Lost.WaitAsync(Eventually.DefaultBound, Cancelled);
        way.Failure = null;
        stream.Subscribe(new WatchSubscription("/any", rangeEnd: null, startRevision: 1, "read", served));

        Assert.Contains("unheard of", reason.Message, StringComparison.Ordinal);
        await served.Alive.WaitAsync(Eventually.DefaultBound, Cancelled);
    }

    private async Task<EtcdClient> ClientAsync(ReplacedWay way)
    {
        var server = await etcd.GetAsync();
        var options = new EtcdOptions { Endpoints = { server.Endpoint.GetLeftPart(UriPartial.Authority) } };
        return new EtcdClient(options, TimeProvider.System, NullLoggerFactory.Instance, way.Connect);
    }

    public enum Moment
    {
        BeforeTheInvoker,
        AfterTheInvoker,
        AfterTheCall,
    }

    /// <summary>The way to a member, whose connection somebody else replaces, once, while a call or stream is about to begin on it.</summary>
    private sealed class ReplacedWay
    {
        private Action? _before;
        private Action? _after;
        private Action? _during;

        public int Connections { get; private set; }

        public Exception? Failure { get; set; }

        public IEtcdChannel Connect(Uri address)
        {
            Connections++;
            return new Connection(this, new NetworkChannel(address, authentication: null, serverName: null));
        }

        public void ReplaceAt(Moment moment, EtcdEndpoint endpoint)
        {
            _before = moment == Moment.BeforeTheInvoker ? endpoint.Reconnect : null;
            _after = moment == Moment.AfterTheInvoker ? endpoint.Reconnect : null;
            _during = moment == Moment.AfterTheCall ? endpoint.Reconnect : null;
        }

        private static void Once(ref Action? replace)
        {
            var now = replace;
            replace = null;
            now?.Invoke();
        }

        private sealed class Connection(ReplacedWay way, NetworkChannel channel) : Interceptor, IEtcdChannel
        {
            public CallInvoker CreateInvoker()
            {
                if (way.Failure is { } failure)
                {
                    throw failure;
                }

                Once(ref way._before);
                var invoker = channel.CreateInvoker();
                Once(ref way._after);
                return invoker.Intercept(this);
            }

            public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
                TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
            {
                var call = continuation(request, context);
                Once(ref way._during);
                return call;
            }

            public void Dispose() => channel.Dispose();
        }
    }
}
