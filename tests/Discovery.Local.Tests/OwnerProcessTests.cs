using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local.Tests;

/// <summary>Leases of real processes that are killed, stopped, or meet another with the same ID.</summary>
[Collection("Timing")]
public sealed class OwnerProcessTests : IAsyncDisposable
{
    private readonly LocalFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task WatchAsync_OwnerKilled_IsGoneWithinAboutASecond()
    {
        await using var owner = await HolderProcess.StartAsync(_folder.Path, "orders-1", ttlSeconds: 60);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);
        Assert.Equal($"{owner.Id}", watcher.Seen.Single().Metadata["pid"]);

        await owner.KillAsync();
        Assert.True(File.Exists(_folder.LeaseFile()));
        var killed = Stopwatch.GetTimestamp();
        await watcher.UntilAsync(seen => seen.Count == 0);

        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(["orders-1"], watcher.Removed);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task WatchAsync_OwnerKilledWhileItsChildLives_IsGone()
    {
        await using var owner = await HolderProcess.StartAsync(_folder.Path, "orders-1", ttlSeconds: 60, withChild: true);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);

        await owner.KillAsync();

        await watcher.UntilAsync(seen => seen.Count == 0);
    }

    [Fact]
    public async Task WatchAsync_OwnerStopped_IsGoneAfterItsTtlAndBackWhenItGoesOn()
    {
        await using var owner = await HolderProcess.StartAsync(_folder.Path, "orders-1", ttlSeconds: 3);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);
        var incarnation = watcher.Seen.Single().Incarnation;

        owner.Suspend();
        var stopped = Stopwatch.GetTimestamp();
        await watcher.UntilAsync(seen => seen.Count == 0);

        // Its last keep-alive may have been up to Ttl/3 before it was stopped.
        Assert.InRange(Stopwatch.GetElapsedTime(stopped), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        Assert.True(File.Exists(_folder.LeaseFile()));

        owner.Resume();
        await watcher.UntilAsync(seen => seen.Count == 1);
        Assert.Equal(incarnation, watcher.Seen.Single().Incarnation);
    }

    [Fact]
    public async Task RegisterAsync_SameIdInTwoProcesses_TheNewestWinsAndTheOtherIsTold()
    {
        var first = await _folder.Registry().RegisterAsync(LocalFolder.Instance(), TimeSpan.FromSeconds(15), Cancel);
        await using var second = await HolderProcess.StartAsync(_folder.Path, "orders-1", ttlSeconds: 60);

        Assert.Equal(LeaseStatus.Superseded, await first.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await first.RevokeAsync(Cancel);
        Assert.Equal(["orders"], await _folder.Registry().GetServicesAsync(Cancel));

        await second.KillAsync();
        var third = await _folder.Registry().RegisterAsync(LocalFolder.Instance(), TimeSpan.FromSeconds(15), Cancel);
        Assert.Equal(LeaseStatus.Held, await third.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Fact]
    public async Task KeepAliveAsync_TheCopyThatTookOverHasDied_IsForgotten()
    {
        var first = await _folder.Registry().RegisterAsync(LocalFolder.Instance(), TimeSpan.FromSeconds(15), Cancel);
        await using var second = await HolderProcess.StartAsync(_folder.Path, "orders-1", ttlSeconds: 60);

        await second.KillAsync();

        Assert.True(File.Exists(_folder.LeaseFile()));
        Assert.Equal(LeaseStatus.Forgotten, await first.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Fact]
    public async Task RevokeAsync_OwnerEnds_IsGoneAtOnceAndLeavesNothing()
    {
        await using var owner = await HolderProcess.StartAsync(_folder.Path, "orders-1", ttlSeconds: 60);
        await using var watcher = new Watcher(_folder.Registry());
        await watcher.UntilAsync(seen => seen.Count == 1);

        Assert.Equal(0, await owner.EndAsync());

        await watcher.UntilAsync(seen => seen.Count == 0);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
