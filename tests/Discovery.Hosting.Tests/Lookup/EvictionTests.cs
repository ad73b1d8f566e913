using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Tests.Lookup;

public sealed class EvictionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BeyondMaxWatchedServices_TheLeastRecentlyUsedIsLetGo()
    {
        await using var host = Create(2);
        await LookUpAsync(host, "a");
        await LookUpAsync(host, "b");
        await LookUpAsync(host, "a");

        await LookUpAsync(host, "c");

        Assert.Equal(["a", "c"], Watched(host));
        await Testing.Eventually.HoldsAsync(() => !host.Registry.IsWatched("b"), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task BeyondMaxWatchedServices_WhatIsHeldStays()
    {
        await using var host = Create(2);
        host.Registry.List("b");
        using var view = host.Discovery.GetView("a");
        await using var reader = host.Discovery.WatchAsync("b", Cancellation).GetAsyncEnumerator(Cancellation);
        await reader.MoveNextAsync();

        await LookUpAsync(host, "c");
        await LookUpAsync(host, "d");

        Assert.Equal(["a", "b", "d"], Watched(host));
        await host.WatchedAsync("a");
    }

    [Fact]
    public async Task IdleForFiveMinutes_IsLetGo()
    {
        await using var host = Create(10);
        await LookUpAsync(host, "idle");
        await LookUpAsync(host, "used");
        using var held = host.Discovery.GetView("held");
        for (var minute = 0; minute < 7; minute++)
        {
            host.Time.Advance(WatchTable.SweepInterval);
            await LookUpAsync(host, "used");
        }

        // Where another thread sets a timer just now, it is that one which runs what the clock sets off.
        await Testing.Eventually.IsAsync(() => Watched(host), watched => watched.SequenceEqual(["held", "used"]), cancellationToken: Cancellation);
        await Testing.Eventually.HoldsAsync(() => !host.Registry.IsWatched("idle"), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task IdleForFourMinutes_IsKept()
    {
        await using var host = Create(10);
        await LookUpAsync(host, "idle");

        for (var minute = 0; minute < 4; minute++)
        {
            host.Time.Advance(WatchTable.SweepInterval);
        }

        Assert.Equal(["idle"], Watched(host));
    }

    [Fact]
    public async Task ViewDisposedTwice_ReleasesOnce()
    {
        await using var host = Create(1);
        using var kept = host.Discovery.GetView("a");
        var view = host.Discovery.GetView("a");
        view.Dispose();
        view.Dispose();

        await LookUpAsync(host, "b");

        Assert.Contains("a", Watched(host));
    }

    [Fact]
    public async Task LookedUpAgainAfterEviction_IsWatchedAnew()
    {
        await using var host = Create(1);
        await LookUpAsync(host, "a");
        await LookUpAsync(host, "b");

        await LookUpAsync(host, "a");

        Assert.Equal(2, host.Registry.Watches("a"));
        Assert.Equal(["a"], Watched(host));
    }

    private static LookupHost Create(int max) =>
        new(settings: [new("Discovery:Client:MaxWatchedServices", max.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    private static string[] Watched(LookupHost host) => [.. host.Discovery.GetWatchedServices().Select(snapshot => snapshot.ServiceName)];

    private static async Task LookUpAsync(LookupHost host, string service)
    {
        host.Registry.List(service, Instances.Create("1", service));
        await host.Discovery.GetInstancesAsync(service, Cancellation);
    }
}
