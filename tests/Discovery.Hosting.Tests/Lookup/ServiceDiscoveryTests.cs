namespace Discovery.Hosting.Tests.Lookup;

public sealed class ServiceDiscoveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetInstances_OfAListedService_AreLive()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(3));

        var snapshot = await host.Discovery.GetInstancesAsync("Orders", Cancellation);

        Assert.Equal(["a0", "a1", "a2"], snapshot.Instances.Ids());
        Assert.Equal(SnapshotSource.Live, snapshot.Source);
        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, snapshot.Age);
    }

    [Fact]
    public async Task GetInstances_OfAWarmService_CompletesAtOnce()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(1));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.True(host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask().IsCompletedSuccessfully);
        Assert.True(host.Discovery.GetInstancesAsync("ORDERS", Cancellation).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task GetInstances_OfAnUnknownService_IsEmptyAndLive()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders");

        var snapshot = await host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Empty(snapshot.Instances);
        Assert.Equal(SnapshotSource.Live, snapshot.Source);
    }

    [Fact]
    public async Task GetInstances_ByManyAtOnce_StartsOneWatch()
    {
        await using var host = new LookupHost();
        var callers = Enumerable.Range(0, 100).Select(_ => Task.Run(() => host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask())).ToList();
        await host.WatchedAsync();
        host.Registry.Send("orders", RegistryChange.Complete(Instances.Many(1)));

        await Task.WhenAll(callers);

        Assert.Equal(1, host.Registry.Watches("orders"));
    }

    [Fact]
    public async Task GetInstances_CancelledByOneCaller_KeepsTheWatchForTheOthers()
    {
        await using var host = new LookupHost();
        using var impatience = new CancellationTokenSource();
        var impatient = host.Discovery.GetInstancesAsync("orders", impatience.Token).AsTask();
        var patient = host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask();
        await host.WatchedAsync();

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        host.Registry.Send("orders", RegistryChange.Complete(Instances.Many(2)));
        Assert.Equal(2, (await patient).Instances.Count);
        Assert.Equal(1, host.Registry.Watches("orders"));
    }

    [Fact]
    public async Task GetInstances_FromARegistryThatHangs_WaitsForFirstAnswerTimeoutOnce()
    {
        await using var host = new LookupHost();
        var first = host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask();
        await host.WatchedAsync();
        host.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(first.IsCompleted);

        host.Time.Advance(TimeSpan.FromSeconds(0.2));

        var snapshot = await first;
        Assert.Equal(SnapshotSource.None, snapshot.Source);
        Assert.Empty(snapshot.Instances);
        Assert.True(host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Watch_LostAndBack_IsStaleInBetweenAndAges()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(3));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        host.Registry.IsDown = true;
        host.Registry.Lose("orders");
        var stale = await host.KnownAsync(snapshot => snapshot.Source == SnapshotSource.Stale);

        host.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(3, stale.Instances.Count);
        Assert.Equal(30, host.Known().Age.TotalSeconds, 0.5);
        host.Registry.IsDown = false;
        await host.PassTimeUntilAsync(() => host.Known().Source == SnapshotSource.Live, TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.Zero, host.Known().Age);
    }

    [Fact]
    public async Task Watch_WhileTheRegistryIsDown_IsTriedAgainWithBackOff()
    {
        await using var host = new LookupHost();
        host.Registry.IsDown = true;
        _ = host.Discovery.GetView("orders");

        await host.PassTimeUntilAsync(() => host.Registry.Watches("orders") >= 10, TimeSpan.FromMinutes(2));
        var before = host.Registry.Watches("orders");
        for (var i = 0; i < 600; i++)
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        // Capped at 5 s with full jitter, a minute sees 24 attempts on average; without back-off it would see hundreds.
        Assert.InRange(host.Registry.Watches("orders") - before, 1, 80);
        Assert.Equal(1, host.Log.Count(201));
    }

    [Fact]
    public async Task WatchAsync_BySlowReader_GetsTheLatestAndDelaysNobody()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(1));
        await using var slow = host.Discovery.WatchAsync("orders", Cancellation).GetAsyncEnumerator(Cancellation);
        await slow.MoveNextAsync();

        for (var count = 2; count <= 200; count++)
        {
            host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b" + count)], []));
        }

        await host.KnownAsync(snapshot => snapshot.Instances.Count == 200);
        await slow.MoveNextAsync();
        Assert.Equal(200, slow.Current.Instances.Count);
    }

    [Fact]
    public async Task WatchAsync_OnEachChange_GrowsInVersion()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(1));
        await using var reader = host.Discovery.WatchAsync("orders", Cancellation).GetAsyncEnumerator(Cancellation);
        await reader.MoveNextAsync();
        var first = reader.Current;

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));

        await reader.MoveNextAsync();
        Assert.Equal(["a0", "b"], reader.Current.Instances.Ids());
        Assert.True(reader.Current.Version > first.Version);
        Assert.Equal(["a0"], first.Instances.Ids());
    }

    [Fact]
    public async Task WatchAsync_WhereNothingHasChanged_SaysNothing()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(2));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        var before = host.Known();

        host.Registry.Send("orders", RegistryChange.Complete(Instances.Many(2)));
        host.Registry.Send("orders", RegistryChange.Confirmation);
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b")], []));

        var after = await host.KnownAsync(snapshot => snapshot.Instances.Count == 3);
        Assert.Equal(before.Version + 1, after.Version);
    }

    [Fact]
    public async Task Snapshots_ReadByManyWhileTheSetChanges_AreAlwaysWhole()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(200));
        using var view = host.Discovery.GetView("orders");
        await view.WaitUntilReadyAsync(Cancellation);
        using var ended = new CancellationTokenSource();
        var reads = new int[4];
        var readers = Enumerable.Range(0, reads.Length).Select(reader => Task.Run(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                var instances = view.Current.Instances;
                Assert.Equal(instances.Count, instances.Distinct().Count());
                Assert.InRange(instances.Count, 199, 201);
                Assert.True(view.TryPick(default, out var pick));
                Assert.NotNull(pick.Instance);
                Interlocked.Increment(ref reads[reader]);
            }
        })).ToList();

        await Testing.Eventually.HoldsAsync(() => reads.All(count => count > 0), cancellationToken: Cancellation);
        for (var i = 0; i < 500; i++)
        {
            host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b" + i)], ["a" + (i % 200)]));
            host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a" + (i % 200))], ["b" + i]));
            await Task.Yield();
        }

        await host.KnownAsync(snapshot => snapshot.Version > 1000);
        await ended.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task GetServices_WhileTheRegistryIsDown_AreTheLastKnown()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders");
        host.Registry.List("billing");
        Assert.Equal(["billing", "orders"], await host.Discovery.GetServicesAsync(Cancellation));

        host.Registry.IsDown = true;

        Assert.Equal(["billing", "orders"], await host.Discovery.GetServicesAsync(Cancellation));
        Assert.Equal(2, host.Registry.Listings);
    }

    [Fact]
    public async Task Pick_WithoutInstances_ThrowsNamingServiceSourceAndAge()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders");

        var failure = await Assert.ThrowsAsync<NoInstanceAvailableException>(() => host.Discovery.PickAsync("orders", default, Cancellation).AsTask());

        Assert.Equal("orders", failure.ServiceName);
        Assert.Contains("'orders'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Live", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetInstances_OfAnImpossibleName_Throws()
    {
        await using var host = new LookupHost();

        await Assert.ThrowsAsync<ArgumentException>(() => host.Discovery.GetInstancesAsync("no such/name", Cancellation).AsTask());
    }

    [Fact]
    public async Task WatchAsync_Filtered_SaysNothingOfTheOthers()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders", Instances.Create("a") with { Zone = "x" }, Instances.Create("b") with { Zone = "y" });
        await using var reader = host.Discovery.WatchAsync("orders", new InstanceFilter { Zone = "x" }, Cancellation).GetAsyncEnumerator(Cancellation);
        await reader.MoveNextAsync();
        Assert.Equal(["a"], reader.Current.Instances.Ids());

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("c") with { Zone = "y" }], []));
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("d") with { Zone = "x" }], []));

        await reader.MoveNextAsync();
        Assert.Equal(["a", "d"], reader.Current.Instances.Ids());
    }
}
