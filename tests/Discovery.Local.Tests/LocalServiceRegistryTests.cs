using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local.Tests;

public sealed class LocalServiceRegistryTests : IAsyncDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    private readonly LocalFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task WatchAsync_NothingRegistered_FirstChangeIsCompleteAndEmpty()
    {
        await using var watcher = new Watcher(_folder.Registry());

        var change = await watcher.NextAsync();

        Assert.True(change.IsComplete);
        Assert.Empty(change.Upserts);
    }

    [Fact]
    public async Task WatchAsync_RegisteredByAnotherRegistry_SeesAllThatTheInstanceSays()
    {
        var instance = LocalFolder.Instance(version: "1.2") with
        {
            Endpoints = [new Uri("https://10.0.0.1:8443"), new Uri("http://[::1]:8080/base/")],
            Zone = "a",
            Weight = 7,
            Tags = ["blue", "größer"],
            Metadata = new Dictionary<string, string> { ["k"] = "v\"\n" },
            Health = HealthStatus.Degraded,
        };
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.NextAsync();

        await _folder.Registry().RegisterAsync(instance, Ttl, Cancel);
        await watcher.UntilAsync(seen => seen.Count == 1);

        var seen = watcher.Seen.Single();
        Assert.NotEqual(0, seen.Incarnation);
        Assert.Equal(instance with { Incarnation = seen.Incarnation }, seen);
    }

    [Fact]
    public async Task KeepAlive_OfAFileThatWasWrittenOver_WritesItAnew()
    {
        var registered = LocalFolder.Instance();
        var lease = await _folder.Registry().RegisterAsync(registered, Ttl, Cancel);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);

        // In place: the file and its lock stay. The framework would heed the lock, which a shell does not know of.
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", "printf '#' > \"$0\"", _folder.LeaseFile()]);
        await shell.WaitForExitAsync(Cancel);
        await watcher.UntilAsync(seen => seen.Count == 0);

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await watcher.UntilAsync(seen => seen.Count == 1);
        Assert.Equal(registered with { Incarnation = watcher.Seen.Single().Incarnation }, watcher.Seen.Single());
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Fact]
    public async Task RevokeAsync_Held_IsSeenAsRemovedAndLeavesNoFile()
    {
        var lease = await _folder.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);

        await lease.RevokeAsync(Cancel);
        await lease.RevokeAsync(Cancel);

        await watcher.UntilAsync(seen => seen.Count == 0);
        Assert.Equal(["orders-1"], watcher.Removed);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task RegisterAsync_SameIdAgain_ReplacesWithoutAGapAndWithAnotherIncarnation()
    {
        var registry = _folder.Registry();
        var first = await registry.RegisterAsync(LocalFolder.Instance(version: "1"), Ttl, Cancel);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);
        var before = watcher.Seen.Single();

        var second = await registry.RegisterAsync(LocalFolder.Instance(version: "2"), Ttl, Cancel);
        await watcher.UntilAsync(seen => seen.Single().Version == "2");

        Assert.Empty(watcher.Removed);
        Assert.NotEqual(before.Incarnation, watcher.Seen.Single().Incarnation);
        Assert.Equal(LeaseStatus.Superseded, await first.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        Assert.Equal(LeaseStatus.Held, await second.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await first.RevokeAsync(Cancel);
        Assert.Equal(LeaseStatus.Held, await second.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Fact]
    public async Task KeepAliveAsync_HealthChanged_IsSeenWithTheSameIncarnation()
    {
        var lease = await _folder.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);
        var before = watcher.Seen.Single();

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Unhealthy, "broken", Cancel));
        await watcher.UntilAsync(seen => seen.Single().Health == HealthStatus.Unhealthy);

        Assert.Equal(before with { Health = HealthStatus.Unhealthy }, watcher.Seen.Single());
        Assert.Empty(watcher.Removed);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Unhealthy, null, Cancel));
    }

    [Fact]
    public async Task KeepAliveAsync_FileDeletedByAnOperator_IsForgotten()
    {
        var lease = await _folder.Registry().RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);

        File.Delete(_folder.LeaseFile());

        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await watcher.UntilAsync(seen => seen.Count == 0);
        Assert.Equal(["orders-1"], watcher.Removed);
    }

    [Fact]
    public async Task DeregisterAsync_HeldOrAbsent_Removes()
    {
        var registry = _folder.Registry();
        var lease = await registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);

        await registry.DeregisterAsync("Orders", "orders-1", Cancel);
        await registry.DeregisterAsync("orders", "orders-1", Cancel);

        Assert.Empty(await registry.GetServicesAsync(Cancel));
        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Fact]
    public async Task GetServicesAsync_SeveralServices_OrdinalOrderWithoutTheRevoked()
    {
        var registry = _folder.Registry();
        await registry.RegisterAsync(LocalFolder.Instance("b"), Ttl, Cancel);
        await registry.RegisterAsync(LocalFolder.Instance("a"), Ttl, Cancel);
        var revoked = await registry.RegisterAsync(LocalFolder.Instance("c"), Ttl, Cancel);
        await revoked.RevokeAsync(Cancel);

        Assert.Equal(["a", "b"], await registry.GetServicesAsync(Cancel));
    }

    [Fact]
    public async Task RegisterAsync_LeaseCollectedAsGarbage_RevokesNothing()
    {
        var registry = _folder.Registry();
        await registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(["orders"], await registry.GetServicesAsync(Cancel));
    }

    [Fact]
    public async Task DisposeAsync_LeaseAndRegistry_RevokesNothing()
    {
        var registry = _folder.Registry();
        var lease = await registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);

        await lease.DisposeAsync();
        await registry.DisposeAsync();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(["orders"], await _folder.Registry().GetServicesAsync(Cancel));
    }
}
