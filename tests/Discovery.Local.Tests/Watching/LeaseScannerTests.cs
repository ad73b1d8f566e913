using Discovery.Local.Leases;
using Discovery.Local.Watching;
using Discovery.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Local.Tests.Watching;

public sealed class LeaseScannerTests : IAsyncDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly LocalFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task WatchAsync_EachScan_Confirms()
    {
        await _folder.Registry(_time).RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(Unnotified());
        await watcher.NextAsync();

        for (var scan = 1; scan <= 3; scan++)
        {
            _time.Advance(Second);
            Assert.Same(RegistryChange.Confirmation, await watcher.NextAsync());
        }
    }

    [Fact]
    public async Task WatchAsync_SystemCannotNotify_ScansAndLogsOnce()
    {
        var log = new LogLines<LocalServiceRegistry>();
        var registry = _folder.Registry(_time, (_, _, _) => throw new IOException("no inotify instances left"), log);
        await using var watcher = new Watcher(registry);
        await watcher.NextAsync();
        await using (var another = new Watcher(registry, "billing"))
        {
            await another.NextAsync();
        }

        var lease = await registry.RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        _time.Advance(Second);
        await watcher.UntilAsync(seen => seen.Count == 1);
        await lease.RevokeAsync(Cancel);
        _time.Advance(Second);
        await watcher.UntilAsync(seen => seen.Count == 0);

        Assert.Single(log.Lines, line => line.Contains("no longer notifies", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WatchAsync_NotificationsEnd_ScansOn()
    {
        var log = new LogLines<LocalServiceRegistry>();
        Action<Exception> lost = _ => { };
        await using var watcher = new Watcher(_folder.Registry(_time, (_, _, whenLost) =>
        {
            lost = whenLost;
            return new NoNotifier();
        }, log));
        await watcher.NextAsync();

        lost(new IOException("no inotify watches left"));
        await _folder.Registry(_time).RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        _time.Advance(Second);

        await watcher.UntilAsync(seen => seen.Count == 1);
        Assert.Single(log.Lines, line => line.Contains("no longer notifies", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WatchAsync_Notified_SeesWithoutAScan()
    {
        // The clock stands still: there is no scan.
        await using var watcher = new Watcher(_folder.Registry(_time));
        await watcher.NextAsync();

        var lease = await _folder.Registry(_time).RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await watcher.UntilAsync(seen => seen.Count == 1);
        await lease.KeepAliveAsync(HealthStatus.Degraded, null, Cancel);
        await watcher.UntilAsync(seen => seen.Single().Health == HealthStatus.Degraded);
        await lease.RevokeAsync(Cancel);
        await watcher.UntilAsync(seen => seen.Count == 0);
    }

    [Fact]
    public async Task WatchAsync_NotificationsMissed_LooksAtEverything()
    {
        Action<string?> changed = _ => { };
        await using var watcher = new Watcher(_folder.Registry(_time, (_, whenChanged, _) =>
        {
            changed = whenChanged;
            return new NoNotifier();
        }));
        await watcher.NextAsync();
        await _folder.Registry(_time).RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);

        changed(null);

        await watcher.UntilAsync(seen => seen.Count == 1);
    }

    [Fact]
    public async Task WatchAsync_CounterStands_IsGoneAfterTtlByTheReadersClockAndBackWhenItMoves()
    {
        var lease = await _folder.Registry(_time).RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(Unnotified());
        await watcher.NextAsync();

        await ScanAsync(watcher, 14);
        Assert.Single(watcher.Seen);
        await ScanAsync(watcher, 1);
        Assert.Empty(watcher.Seen);
        Assert.Equal(["orders-1"], watcher.Removed);

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await ScanAsync(watcher, 1);
        Assert.Single(watcher.Seen);
    }

    [Fact]
    public async Task WatchAsync_CounterMoves_StaysAndIsNoNews()
    {
        var lease = await _folder.Registry(_time).RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(Unnotified());
        await watcher.NextAsync();

        for (var beat = 0; beat < 10; beat++)
        {
            await ScanAsync(watcher, 5);
            await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel);
        }

        Assert.Single(watcher.Seen);
        Assert.Equal(50, watcher.Confirmations);
    }

    [Fact]
    public async Task DisposeAsync_Lease_ExpiresWithItsTtl()
    {
        var lease = await _folder.Registry(_time).RegisterAsync(LocalFolder.Instance(), Ttl, Cancel);
        await using var watcher = new Watcher(Unnotified());
        await watcher.NextAsync();

        await lease.DisposeAsync();
        await ScanAsync(watcher, 14);
        Assert.Single(watcher.Seen);
        await ScanAsync(watcher, 2);

        Assert.Empty(watcher.Seen);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(Second);
                return Directory.GetFiles(_folder.Path).Length == 0;
            },
            cancellationToken: Cancel);
    }

    [Theory]
    [InlineData("{ not a lease")]
    [InlineData(null)]
    public async Task WatchAsync_FileIsCorruptOrTooLarge_IsSkippedCountedAndLoggedOnce(string? content)
    {
        var log = new LogLines<LocalServiceRegistry>();
        var registry = _folder.Registry(_time, (_, _, _) => new NoNotifier(), log);
        await registry.RegisterAsync(LocalFolder.Instance(id: "good"), Ttl, Cancel);
        await registry.RegisterAsync(LocalFolder.Instance(id: "bad"), Ttl, Cancel);
        var path = Path.Combine(_folder.Path, LeaseFileName.Of("orders", "bad"));
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        await OverwriteAsync(path, content ?? new string(' ', LeaseFormat.MaxLength + 1));

        await using var watcher = new Watcher(registry);
        await watcher.NextAsync();
        await ScanAsync(watcher, 3);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        await ScanAsync(watcher, 1);

        Assert.Equal("good", Assert.Single(watcher.Seen).Id);
        Assert.Single(log.Lines, line => line.Contains(path, StringComparison.Ordinal));
        Assert.InRange(registry.SkippedEntries, 1, 2);
    }

    [Fact]
    public async Task WatchAsync_AMinute_RemovesWhatDeadOwnersLeftOfOtherServices()
    {
        var lease = Path.Combine(_folder.Path, LeaseFileName.Of("billing", "billing-1"));
        var corrupt = Path.Combine(_folder.Path, LeaseFileName.Of("billing", "billing-2"));
        var temporary = Path.Combine(_folder.Path, LeaseFileName.Temporary(LeaseFileName.Of("billing", "billing-3")));
        var foreign = Path.Combine(_folder.Path, "notes.txt");
        await File.WriteAllBytesAsync(lease, LeaseFormat.Encode(LocalFolder.Instance("billing", "billing-1"), Ttl, 1), Cancel);
        await File.WriteAllTextAsync(corrupt, "{", Cancel);
        await File.WriteAllTextAsync(temporary, "{", Cancel);
        await File.WriteAllTextAsync(foreign, "keep", Cancel);
        var link = File.CreateSymbolicLink(Path.Combine(_folder.Path, LeaseFileName.Temporary("lease~x")), foreign).FullName;
        await using var watcher = new Watcher(Unnotified());
        await watcher.NextAsync();

        await ScanAsync(watcher, 59);
        Assert.True(File.Exists(lease));
        await ScanAsync(watcher, 1);
        Assert.False(File.Exists(lease) || File.Exists(corrupt));
        Assert.True(File.Exists(temporary));
        await ScanAsync(watcher, 60);

        Assert.Equal([link, foreign], Directory.GetFiles(_folder.Path).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WatchAsync_FolderRemovedOrReplaced_ThrowsUnavailableAndAnewItWorks(bool replaced)
    {
        var registry = Unnotified();
        await using var watcher = new Watcher(registry);
        await watcher.NextAsync();

        // Kept under another name, so that its number is not used again.
        Directory.Move(_folder.Path, _folder.Path + "-moved");
        if (replaced)
        {
            Directory.CreateDirectory(_folder.Path);
        }

        _time.Advance(Second);
        var failure = await Assert.ThrowsAsync<RegistryException>(watcher.NextAsync);
        Directory.Delete(_folder.Path + "-moved");

        Assert.Equal(RegistryErrorKind.Unavailable, failure.Kind);
        await using var anew = new Watcher(registry);
        Assert.True((await anew.NextAsync()).IsComplete);
    }

    [Fact]
    public async Task DisposeAsync_Watched_TheWatchThrows()
    {
        var registry = Unnotified();
        await using var watcher = new Watcher(registry);
        await watcher.NextAsync();

        await registry.DisposeAsync();

        await Assert.ThrowsAsync<RegistryException>(watcher.NextAsync);
    }

    private LocalServiceRegistry Unnotified() => _folder.Registry(_time, (_, _, _) => new NoNotifier());

    private async Task ScanAsync(Watcher watcher, int times)
    {
        for (var scan = 0; scan < times; scan++)
        {
            _time.Advance(Second);
            await watcher.NextAsync();
        }
    }

    private static async Task OverwriteAsync(string path, string content)
    {
        // Over the held file itself, as a fault of a disk would: .NET's streams would not open it.
        using var copy = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"cat > '{path}'"]) { RedirectStandardInput = true })!;
        await copy.StandardInput.WriteAsync(content);
        copy.StandardInput.Close();
        await copy.WaitForExitAsync(Cancel);
    }

    private sealed class NoNotifier : IFolderNotifier
    {
        public void Dispose()
        {
        }
    }
}
