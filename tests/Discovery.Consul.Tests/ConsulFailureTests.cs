using System.Net;
using System.Net.Sockets;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

/// <summary>What the provider says and does when its agent dies, hangs, forgets and comes back.</summary>
public sealed class ConsulFailureTests
{
    private const string Service = "orders";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryCall_AgentKilled_IsUnavailable()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, Service, Cancelled);
        await watch.UntilAsync(set => set.Count == 1);
        await server.KillAsync();
        Assert.False(server.IsRunning);

        Assert.Equal(RegistryErrorKind.Unavailable, (await Assert.ThrowsAsync<RegistryException>(() => watch.Ended.WaitAsync(Patience, Cancelled))).Kind);
        await AssertUnavailableAsync(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        await AssertUnavailableAsync(() => lease.RevokeAsync(Cancelled));
        await AssertUnavailableAsync(() => registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled));
        await AssertUnavailableAsync(() => registry.DeregisterAsync(Service, "orders-1", Cancelled));
        await AssertUnavailableAsync(() => registry.GetServicesAsync(Cancelled));
        Assert.Single(watch.Instances); // what was reported is not taken back
    }

    [Fact]
    public async Task KeepAliveAsync_AgentRestartedWithItsData_IsHeld()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled);
        await server.KillAsync();
        await server.StartAgainAsync(wipe: false, Cancelled);

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
    }

    [Fact]
    public async Task KeepAliveAsync_AgentRestartedWithoutData_IsForgottenAndRegistersAnew()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        await server.KillAsync();
        await server.StartAgainAsync(wipe: true, Cancelled);

        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        await using var anew = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        Assert.Equal(LeaseStatus.Held, await anew.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        await using var watch = WatchRecorder.Start(registry, Service, Cancelled);
        await watch.UntilAsync(set => set.Count == 1);
    }

    [Fact]
    public async Task KeepAliveAsync_CheckRemovedByAnOperator_IsForgotten()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        using var removed = await server.Http.PutAsync("/v1/agent/check/deregister/service:orders-1", null, Cancelled);
        removed.EnsureSuccessStatusCode();

        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
    }

    [Fact]
    public async Task WatchAsync_AgentSuspended_ThrowsSoonAfterTheWait()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await using var watch = WatchRecorder.Start(registry, Service, Cancelled);
        await watch.UntilChangesAsync(seen => seen.Count > 0);
        server.Suspend();

        var lost = await Assert.ThrowsAsync<RegistryException>(() => watch.Ended.WaitAsync(Patience, Cancelled));

        Assert.Equal(RegistryErrorKind.Unavailable, lost.Kind);
        Assert.Contains("no answer within", lost.Message, StringComparison.Ordinal);
        server.Resume();
        await using var again = WatchRecorder.Start(registry, Service, Cancelled);
        Assert.True((await again.UntilChangesAsync(seen => seen.Count > 0))[0].IsComplete);
    }

    [Fact]
    public async Task AnyCall_NoConnectionComesAbout_SaysThatRatherThanThatNoAnswerCame()
    {
        // Once as many wait as it has room for, the system lets further ones wait without an answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog: 0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        var waiting = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        var connecting = waiting.Select(socket => socket.ConnectAsync(address, Cancelled).AsTask()).ToList();
        await using var registry = TestRegistry.Create(new Uri($"http://{address}"));

        var failure = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled).WaitAsync(Patience, Cancelled));

        Assert.Equal(RegistryErrorKind.Unavailable, failure.Kind);
        Assert.Contains("no connection within 3 s", failure.Message, StringComparison.Ordinal);
        waiting.ForEach(socket => socket.Dispose());
        await Record.ExceptionAsync(() => Task.WhenAll(connecting));
    }

    [Fact]
    public async Task KeepAliveAsync_AgentSuspended_GivesUpInBoundedTime()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        server.Suspend();

        await AssertUnavailableAsync(async () =>
        {
            // The signal may arrive a moment after it was sent.
            for (var beat = 0; beat < 100; beat++)
            {
                await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled).WaitAsync(Patience, Cancelled);
            }
        });
        server.Resume();
    }

    [Fact]
    public async Task WatchAsync_Cancelled_EndsThatWatchOnly()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await using var other = WatchRecorder.Start(registry, Service, Cancelled);
        await other.UntilChangesAsync(seen => seen.Count > 0);
        using var cancellation = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var change in registry.WatchAsync(Service, cancellation.Token))
            {
                if (change.IsComplete)
                {
                    await cancellation.CancelAsync();
                }
            }
        }, Cancelled);

        var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience, Cancelled));

        Assert.Equal(cancellation.Token, ended.CancellationToken);
        await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        await other.UntilAsync(set => set.Count == 1);
    }

    [Fact]
    public async Task WatchAsync_TtlExpired_IsUnhealthyAndNotRemoved()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await registry.RegisterAsync(TestRegistry.Instance(Service), TimeSpan.FromSeconds(2), Cancelled);
        await using var watch = WatchRecorder.Start(registry, Service, Cancelled);
        await watch.UntilAsync(set => set.Count == 1 && set[0].Health == HealthStatus.Healthy);

        await watch.UntilAsync(set => set.Count == 1 && set[0].Health == HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task WatchAsync_Maintenance_IsUnhealthyUntilItEndsEvenWhenRegisteredAnew()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, Service, Cancelled);
        await watch.UntilAsync(set => set.Count == 1 && set[0].Health == HealthStatus.Healthy);
        using var on = await server.Http.PutAsync("/v1/agent/service/maintenance/orders-1?enable=true", null, Cancelled);
        await watch.UntilAsync(set => set.Count == 1 && set[0].Health == HealthStatus.Unhealthy);

        await registry.RegisterAsync(TestRegistry.Instance(Service) with { Tags = ["again"] }, TestRegistry.Ttl, Cancelled);
        await watch.UntilAsync(set => set[0].Tags.Count == 1);
        Assert.Equal(HealthStatus.Unhealthy, watch.Instances[0].Health);

        using var off = await server.Http.PutAsync("/v1/agent/service/maintenance/orders-1?enable=false", null, Cancelled);
        await watch.UntilAsync(set => set.Count == 1 && set[0].Health == HealthStatus.Healthy);
    }

    private static async Task AssertUnavailableAsync(Func<Task> act) =>
        Assert.Equal(RegistryErrorKind.Unavailable, (await Assert.ThrowsAsync<RegistryException>(act)).Kind);
}
