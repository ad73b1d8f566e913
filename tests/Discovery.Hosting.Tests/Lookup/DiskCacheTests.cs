using Discovery.Hosting.Lookup;
using Discovery.Hosting.Telemetry;
using Discovery.Hosting.Tests.Telemetry;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Lookup;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class DiskCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Cache => _folder.Combine(Path.Combine("discovery-hosting", "cache"));

    [Fact]
    public async Task Restart_WhileTheRegistryIsDown_BeginsWithWhatWasRemembered()
    {
        var instance = Instances.Create("a", weight: 7, incarnation: 42) with { Zone = "z", Version = "1", Tags = ["t"], Metadata = new Dictionary<string, string> { ["k"] = "v" } };
        await RememberAsync(instance);
        await using var host = Create(down: true);
        host.Time.Advance(TimeSpan.FromMinutes(10));

        var snapshot = await host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal(SnapshotSource.Disk, snapshot.Source);
        Assert.Equal([instance], snapshot.Instances);
        Assert.Equal(600, snapshot.Age.TotalSeconds, 1.0);
    }

    [Fact]
    public async Task Restart_WhileTheRegistryAnswers_IsLive()
    {
        await RememberAsync(Instances.Create("a"), Instances.Create("b"));
        await using var host = Create();
        host.Registry.List("orders", Instances.Create("a"));

        var snapshot = await host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal(SnapshotSource.Live, snapshot.Source);
        Assert.Equal(["a"], snapshot.Instances.Ids());
    }

    [Fact]
    public async Task Restart_WhileTheRegistryIsWiped_HoldsWhatWasRemembered()
    {
        await RememberAsync(Instances.Many(4));
        await using var host = Create();
        host.Registry.List("orders");

        var snapshot = await host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal(SnapshotSource.Stale, snapshot.Source);
        Assert.Equal(4, snapshot.Instances.Count);
    }

    [Fact]
    public async Task Change_IsWrittenBehind()
    {
        await using var host = Create();
        host.Registry.List("orders", Instances.Create("a"));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        Assert.False(Directory.Exists(Cache));

        await host.PassTimeUntilAsync(() => Directory.Exists(Cache) && Files().Length == 1, TimeSpan.FromSeconds(2));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Files().Single()));
        Assert.All([Cache, Path.GetDirectoryName(Cache)!], folder => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder)));
    }

    [Fact]
    public async Task Set_OlderThanADay_IsNotUsed()
    {
        await RememberAsync(Instances.Create("a"));
        await using var host = Create(down: true);
        host.Time.Advance(DiskCache.MaxAge + TimeSpan.FromMinutes(1));

        var snapshot = await LookUpInVainAsync(host);

        Assert.Equal(SnapshotSource.None, snapshot.Source);
    }

    [Fact]
    public async Task Set_OfALiveWatch_DoesNotGrowOld()
    {
        await using (var host = Create())
        {
            host.Registry.List("orders", Instances.Create("a"));
            using var view = host.Discovery.GetView("orders");
            await view.WaitUntilReadyAsync(Cancellation);
            await host.PassTimeUntilAsync(() => Directory.Exists(Cache) && Files().Length == 1, TimeSpan.FromSeconds(2));
            host.Time.Advance(TimeSpan.FromHours(30));
            host.Registry.Send("orders", RegistryChange.Confirmation);
            host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));
            await host.KnownAsync(known => known.Instances.Count == 2);
        }

        await using var restarted = Create(down: true);
        restarted.Time.Advance(TimeSpan.FromHours(40));
        Assert.Equal(2, (await restarted.Discovery.GetInstancesAsync("orders", Cancellation)).Instances.Count);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":2,"registry":"Scripted registry","service":"orders","confirmedAt":"2026-01-01T00:00:00Z","instances":[]}""")]
    [InlineData("""{"format":1,"registry":"another","service":"orders","confirmedAt":"2026-01-01T00:00:00Z","instances":[]}""")]
    [InlineData("""{"format":1,"registry":"Scripted registry","service":"orders","confirmedAt":"2026-01-01T00:00:00Z","instances":[{"id":"a/b","endpoints":["http://x"]}]}""")]
    [InlineData("""{"format":1,"registry":"Scripted registry","service":"orders","confirmedAt":"2026-01-01T00:00:00Z","instances":[{"id":"a"}]}""")]
    [InlineData("""{"format":1,"registry":"Scripted registry","service":"orders","confirmedAt":"2026-01-01T00:00:00Z","instances":[{"id":"a","endpoints":["/x"]}]}""")]
    [InlineData("""{"format":1,"registry":"Scripted registry","service":"orders","confirmedAt":"2026-01-01T00:00:00Z","instances":[null]}""")]
    public async Task File_ThatIsDamagedOrForeign_IsIgnoredWithAWarning(string content)
    {
        await RememberAsync(Instances.Create("a"));
        await File.WriteAllTextAsync(Files().Single(), content, Cancellation);
        await using var host = Create(down: true);

        var snapshot = await LookUpInVainAsync(host);

        Assert.Equal(SnapshotSource.None, snapshot.Source);
        Assert.Equal(1, host.Log.Count(220));
    }

    [Fact]
    public async Task File_TooLarge_IsIgnoredWithAWarning()
    {
        await RememberAsync(Instances.Create("a"));
        using (var file = File.OpenWrite(Files().Single()))
        {
            file.SetLength(64 * 1024 * 1024);
        }

        await using var host = Create(down: true);
        await LookUpInVainAsync(host);

        Assert.Contains("bytes", host.Log.Message(220), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_ThatCannotBeWritten_TurnsTheCacheOff()
    {
        _folder.Write("discovery-hosting", "a file where a folder should be");
        await using var host = Create();
        host.Registry.List("orders", Instances.Create("a"));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);

        await host.PassTimeUntilAsync(() => host.Log.Count(221) == 1, TimeSpan.FromSeconds(2));

        Assert.Contains("Discovery:Client:CacheDirectory", host.Log.Message(221), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_ThatOthersMayWrite_TurnsTheCacheOff()
    {
        Directory.CreateDirectory(Cache);
        File.SetUnixFileMode(Cache, (UnixFileMode)0x1FF);
        await using var host = Create();
        host.Registry.List("orders", Instances.Create("a"));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);

        await host.PassTimeUntilAsync(() => host.Log.Count(221) == 1, TimeSpan.FromSeconds(2));

        Assert.Empty(Files());
    }

    [Fact]
    public async Task Directory_ThatCanBeWrittenAgain_IsWrittenWithoutAnyChange()
    {
        var obstacle = _folder.Write("discovery-hosting", "a file where a folder should be");
        await using var host = Create();
        host.Registry.List("orders", Instances.Create("a"));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        await host.PassTimeUntilAsync(() => host.Log.Count(221) == 1, TimeSpan.FromSeconds(2));
        File.Delete(obstacle);

        await host.PassTimeUntilAsync(() => host.Log.Count(222) == 1, CacheWriter.RetryDelay + CacheWriter.Delay);

        Assert.Single(Files());
    }

    [Fact]
    public async Task Directory_ThatCanBeWrittenAgainDuringAnOutage_IsWrittenOnceTheRegistryStandsByTheSet()
    {
        var obstacle = _folder.Write("discovery-hosting", "a file where a folder should be");
        await using var host = Create();
        host.Registry.List("orders", Instances.Create("a"));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        await host.PassTimeUntilAsync(() => host.Log.Count(221) == 1, TimeSpan.FromSeconds(2));
        host.Registry.IsDown = true;
        host.Registry.Lose("orders");
        await host.KnownAsync(known => known.Source == SnapshotSource.Stale);
        File.Delete(obstacle);
        host.Time.Advance(CacheWriter.RetryDelay * 2);
        Assert.False(Directory.Exists(Cache));
        host.Registry.IsDown = false;

        await host.PassTimeUntilAsync(() => host.Log.Count(222) == 1, TimeSpan.FromMinutes(1));

        Assert.Single(Files());
    }

    [Fact]
    public async Task Directory_ThatFailsAgainAndAgain_IsLoggedOnceForEachTurn()
    {
        var obstacle = _folder.Write("discovery-hosting", "a file where a folder should be");
        await using var host = Create();
        using var readings = new MeterReadings(host.Services.GetRequiredService<DiscoveryMetrics>());
        host.Registry.List("orders", Instances.Create("a"));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        await host.PassTimeUntilAsync(() => readings.Of("discovery.cache.failures").Count >= 3, CacheWriter.RetryDelay * 4);
        Assert.Equal(1, host.Log.Count(221));
        File.Delete(obstacle);
        await host.PassTimeUntilAsync(() => host.Log.Count(222) == 1, CacheWriter.RetryDelay * 2);
        Directory.Delete(Path.GetDirectoryName(Cache)!, recursive: true);
        File.WriteAllText(obstacle, "again");
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));

        await host.PassTimeUntilAsync(() => host.Log.Count(221) == 2, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task File_InADirectoryThatOthersMayWrite_IsIgnored()
    {
        await RememberAsync(Instances.Create("a"));
        File.SetUnixFileMode(Cache, (UnixFileMode)0x1FF);
        await using var host = Create(down: true);

        Assert.Equal(SnapshotSource.None, (await LookUpInVainAsync(host)).Source);
        Assert.Contains("may be written by others", host.Log.Message(220), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_ThatHasReallyGone_IsForgotten()
    {
        await RememberAsync(Instances.Create("a"));
        await using (var host = Create())
        {
            host.Registry.List("orders", Instances.Create("a"));
            await host.Discovery.GetInstancesAsync("orders", Cancellation);
            host.Registry.Delete("orders", "a");
            await host.KnownAsync(known => known.Instances.Count == 0);
        }

        Assert.Empty(Files());
    }

    [Fact]
    public async Task HeldInstances_AreNotWrittenOver()
    {
        await RememberAsync(Instances.Many(4));
        await using (var host = Create())
        {
            host.Registry.List("orders");
            await host.Discovery.GetInstancesAsync("orders", Cancellation);
        }

        await using var restarted = Create(down: true);
        Assert.Equal(4, (await restarted.Discovery.GetInstancesAsync("orders", Cancellation)).Instances.Count);
    }

    [Fact]
    public async Task Registries_DoNotShareWhatIsRemembered()
    {
        await RememberAsync(Instances.Create("a"));
        await using var host = Create(down: true, description: "Another registry");

        Assert.Equal(SnapshotSource.None, (await LookUpInVainAsync(host)).Source);
    }

    public void Dispose() => _folder.Dispose();

    private string[] Files() => Directory.GetFiles(Cache);

    private LookupHost Create(bool down = false, string description = "Scripted registry") =>
        new(new() { IsDown = down, Description = description }, [new("Discovery:Client:CacheDirectory", Cache)]);

    // A host that ends writes down what it knows.
    private async Task RememberAsync(params ServiceInstance[] instances)
    {
        await using var host = Create();
        host.Registry.List("orders", instances);
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
    }

    private static async Task<ServiceSnapshot> LookUpInVainAsync(LookupHost host)
    {
        var looking = host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask();
        await host.PassTimeUntilAsync(() => looking.IsCompleted, TimeSpan.FromSeconds(4));
        return await looking;
    }
}
