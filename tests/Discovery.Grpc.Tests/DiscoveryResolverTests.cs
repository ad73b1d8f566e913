using Discovery.Grpc.Resolving;
using Discovery.Testing;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Grpc.Tests;

/// <summary>What the resolver tells a channel, and when.</summary>
public sealed class DiscoveryResolverTests
{
    private static readonly ServiceInstance Instance = new()
    {
        ServiceName = "greeter",
        Id = "a",
        Endpoints = [new("http://10.0.0.1:80"), new("https://10.0.0.1:443"), new("grpc://10.0.0.1:5001"), new("grpcs://[fd00::1]:5002")],
        Tags = ["v2"],
        Metadata = new Dictionary<string, string> { ["team"] = "x" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refresh_AfterDispose_DoesNothing()
    {
        await using var host = new GrpcHost();
        var reports = 0;
        var resolver = Create(host, balances: true);
        resolver.Start(_ => Interlocked.Increment(ref reports));
        await Eventually.HoldsAsync(() => Volatile.Read(ref reports) == 2, cancellationToken: Cancellation); // nothing yet, and that there is none

        resolver.Dispose();
        resolver.Dispose();
        resolver.Refresh();
        await host.RegisterAsync(Instance);
        await using var watch = host.Services.GetRequiredService<IServiceDiscovery>().WatchAsync("greeter", Cancellation).GetAsyncEnumerator(Cancellation);
        while (await watch.MoveNextAsync() && watch.Current.Instances.Count == 0)
        {
        }

        Assert.Equal(2, reports);
        Assert.Equal(1, host.Registry.Store.WatchCount); // the process's own, which outlives the channel
    }

    [Fact]
    public async Task Start_OfAServiceNotKnownYet_ReportsBeforeItReturns()
    {
        await using var host = new GrpcHost();
        host.Registry.Faults.Hanging = true;
        var reports = new List<ResolverResult>();
        using var resolver = Create(host, balances: true);

        resolver.Start(reports.Add);

        Assert.True(Resolution.Of(Assert.Single(reports).Addresses)!.IsPending);
    }

    [Fact]
    public async Task Refresh_UnderTheChannelsLock_ReportsOutsideOfIt()
    {
        await using var host = new GrpcHost();
        await host.RegisterAsync(Instance);
        var channel = new Lock();
        var reports = 0;
        using var resolver = Create(host, balances: false);
        resolver.Start(_ =>
        {
            lock (channel)
            {
                reports++;
            }
        });
        await Eventually.HoldsAsync(() => Volatile.Read(ref reports) == 1, cancellationToken: Cancellation);

        lock (channel)
        {
            resolver.Refresh();
            Assert.Equal(1, reports);
        }

        await Eventually.HoldsAsync(() => Volatile.Read(ref reports) == 2, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Listener_ThatThrows_IsToldOfTheNextChange()
    {
        await using var host = new GrpcHost();
        var told = 0;
        using var resolver = Create(host, balances: true);
        resolver.Start(_ =>
        {
            if (Interlocked.Increment(ref told) > 1)
            {
                throw new InvalidOperationException("as the test wants it");
            }
        });
        await Eventually.HoldsAsync(() => Volatile.Read(ref told) == 2, cancellationToken: Cancellation); // nothing yet, and that there is none

        await host.RegisterAsync(Instance);

        await Eventually.HoldsAsync(() => Volatile.Read(ref told) == 3, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData(false, "10.0.0.1", 5001)]
    [InlineData(true, "fd00::1", 5002)]
    public async Task Addresses_AreTheEndpointsThatTheCredentialsAskFor(bool secure, string host, int port)
    {
        await using var app = new GrpcHost(configure: Recording.AddTo);
        await app.RegisterAsync(Instance);

        var address = Assert.Single(await Recording.AddressesAsync(app, secure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure));

        Assert.Equal((host, port), (address.EndPoint.Host, address.EndPoint.Port));
        Assert.True(address.Attributes.TryGetValue(DiscoveryAttributes.Instance, out var instance));
        Assert.Equal(("a", "x"), (instance.Id, instance.Metadata["team"]));
    }

    [Fact]
    public async Task Addresses_OfInstancesWithoutASuitableEndpoint_AreNoneAndSayWhy()
    {
        await using var app = new GrpcHost();
        await app.RegisterAsync(Instance with { Endpoints = [new("http://10.0.0.1:80")] });

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => GrpcHost.AnswersAsync(new(app.Channel(credentials: ChannelCredentials.SecureSsl)), 1));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal("None of the 1 instances of greeter (source: live) has an endpoint of scheme grpcs or https, which this channel's credentials ask for.", failure.Status.Detail);
    }

    [Fact]
    public async Task Set_ReportedAgain_ChangesNoPicker()
    {
        await using var server = await GreetingServer.StartAsync("a");
        await using var app = new GrpcHost(configure: Recording.AddTo);
        await app.RegisterAsync(server.Of("greeter") with { Tags = ["v2"], Metadata = new Dictionary<string, string> { ["team"] = "x" } });
        var recording = app.Services.GetServices<LoadBalancerFactory>().OfType<Recording>().Single();
        Assert.NotEmpty(await GrpcHost.AnswersAsync(new(app.Channel(Recording.PolicyName)), 1));
        var (pickers, updates) = (recording.Pickers, recording.Updates);

        for (var i = 1; i <= 5; i++)
        {
            recording.Refresh();
            await Eventually.HoldsAsync(() => recording.Updates == updates + i, cancellationToken: Cancellation);
        }

        Assert.Equal(pickers, recording.Pickers);

        // And that it would have been seen: a change of what the instance says is one to balancers that read it.
        await app.RegisterAsync(server.Of("greeter") with { Tags = ["v3"] });
        await Eventually.HoldsAsync(() => recording.Pickers > pickers, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task AddDiscoveryGrpcResolver_WithoutAClient_SaysWhatIsMissing()
    {
        await using var provider = new ServiceCollection().AddDiscoveryGrpcResolver().BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(() => provider.GetServices<ResolverFactory>().Count());

        Assert.Contains("AddServiceRegistration()", failure.Message, StringComparison.Ordinal);
    }

    private static DiscoveryResolver Create(GrpcHost host, bool balances) => new(
        new ResolutionReports(host.Services.GetRequiredService<IServiceDiscovery>().GetView("greeter"), ChannelSchemes.Insecure, balances),
        TimeProvider.System,
        NullLogger<DiscoveryResolver>.Instance);
}
