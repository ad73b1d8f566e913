using Discovery.Testing;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>What the first caller gets, where two registries are asked: what either knows, and no later than it must be.</summary>
public sealed class MergedStartTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TwoRegistries _both = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _both.DisposeAsync();
    }

    [Fact]
    public async Task FirstCaller_WhileOneRegistryIsDown_GetsWhatTheOtherKnows()
    {
        _both.A.IsDown = true;
        _both.B.List("orders", Instances.Many(2));

        var snapshot = await _both.Host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal((2, SnapshotSource.Live), (snapshot.Instances.Count, snapshot.Source));
    }

    [Fact]
    public async Task FirstCaller_WhileOneRegistryHangs_GetsAtOnceWhatTheOtherKnows()
    {
        _both.B.List("orders", Instances.Many(2)); // A says nothing

        var snapshot = await _both.Host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal((2, SnapshotSource.Live), (snapshot.Instances.Count, snapshot.Source));
    }

    [Fact]
    public async Task FirstCaller_WhereOneRegistryIsEmpty_WaitsForTheOther()
    {
        _both.A.List("orders");
        var asking = _both.Host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask();
        await Eventually.HoldsAsync(() => _both.B.IsWatched("orders") && _both.A.IsRead("orders"), cancellationToken: Cancellation);
        Assert.False(asking.IsCompleted);

        _both.B.Send("orders", RegistryChange.Complete(Instances.Many(2)));

        Assert.Equal(2, (await asking).Instances.Count);
    }

    [Fact]
    public async Task FirstCaller_WhereOneRegistryIsEmptyAndTheOtherHangs_WaitsForFirstAnswerTimeoutOnly()
    {
        _both.A.List("orders");
        var asking = _both.Host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask();
        await Eventually.HoldsAsync(() => _both.B.IsWatched("orders") && _both.A.IsRead("orders"), cancellationToken: Cancellation);

        await _both.Host.PassTimeUntilAsync(() => asking.IsCompleted, TimeSpan.FromSeconds(3));

        Assert.Empty((await asking).Instances);
    }

    [Fact]
    public async Task FirstCaller_WhileBothAreDown_GetsStaticInstances()
    {
        await using var both = new TwoRegistries(new KeyValuePair<string, string?>("Discovery:Client:Static:orders:0", "http://10.0.0.9:80"));
        (both.A.IsDown, both.B.IsDown) = (true, true);

        var snapshot = await both.Host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal((1, SnapshotSource.Static), (snapshot.Instances.Count, snapshot.Source));
    }

    [Fact]
    public async Task Restart_WhileOneRegistryIsDown_BeginsWithWhatItWasKnownToHoldAndWhatTheOtherHolds()
    {
        await RememberAsync();
        await using var both = new TwoRegistries(Cache);
        both.A.IsDown = true;
        both.B.List("orders", Instances.Many(1, "b"));

        await both.Host.Discovery.GetInstancesAsync("orders", Cancellation);

        var snapshot = await both.KnownAsync(known => known.Instances.Count == 3);
        Assert.Equal(SnapshotSource.Stale, snapshot.Source);
        Assert.Equal(["a0", "a1", "b0"], snapshot.Instances.Ids().Order());
    }

    [Fact]
    public async Task Restart_WhileBothAreDown_IsFromDisk()
    {
        await RememberAsync();
        await using var both = new TwoRegistries(Cache);
        (both.A.IsDown, both.B.IsDown) = (true, true);

        var snapshot = await both.Host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal((3, SnapshotSource.Disk), (snapshot.Instances.Count, snapshot.Source));
    }

    [Fact]
    public async Task Restart_WithOneRegistryAfterTwo_FindsWhatThatOneWasKnownToHold()
    {
        await RememberAsync();
        var one = new ScriptedRegistry { Name = "B", Description = "registry B", IsDown = true };
        await using var host = new LookupHost(one, [new("Discovery:Provider", "B"), Cache]);

        var snapshot = await host.Discovery.GetInstancesAsync("orders", Cancellation);

        Assert.Equal(["b0"], snapshot.Instances.Ids());
    }

    [Fact]
    public async Task Services_OfBoth_AreListedTogether()
    {
        _both.A.List("orders");
        _both.A.List("billing");
        _both.B.List("orders");
        _both.B.List("apples");
        Assert.Equal(["apples", "billing", "orders"], await _both.Host.Discovery.GetServicesAsync(Cancellation));

        _both.A.IsDown = true; // what it was last known to have stays in use

        _both.B.List("carts");
        Assert.Equal(["apples", "billing", "carts", "orders"], await _both.Host.Discovery.GetServicesAsync(Cancellation));
        Assert.Equal(1, _both.Host.Log.Count(210));
    }

    [Fact]
    public async Task Services_OfARegistryThatFailsAsNoneShould_TakeNobodyElsesWithThem()
    {
        _both.A.List("billing");
        _both.B.List("orders");
        _both.A.IsDown = true;
        _both.A.ListingFailure = new HttpRequestException("no route");

        Assert.Equal(["orders"], await _both.Host.Discovery.GetServicesAsync(Cancellation));
        Assert.Equal(["orders"], await _both.Host.Discovery.GetServicesAsync(Cancellation));
        Assert.Equal(1, _both.Host.Log.Count(210));
    }

    [Fact]
    public async Task Services_WhileOneRegistryHangs_WaitForItOnceOnly()
    {
        _both.A.List("billing");
        _both.B.List("orders");
        _both.A.HangsListing = true;
        var first = _both.Host.Discovery.GetServicesAsync(Cancellation);
        await _both.Host.PassTimeUntilAsync(() => first.IsCompleted, TimeSpan.FromSeconds(10)); // on a busy machine its time-out begins late
        Assert.Equal(["orders"], await first);

        Assert.Equal(["orders"], await _both.Host.Discovery.GetServicesAsync(Cancellation));

        _both.A.HangsListing = false;
        await Eventually.IsAsync(() => _both.Host.Discovery.GetServicesAsync(Cancellation), names => names.SequenceEqual(["billing", "orders"]), cancellationToken: Cancellation);
    }

    private KeyValuePair<string, string?> Cache => new("Discovery:Client:CacheDirectory", _folder.Combine("cache"));

    private async Task RememberAsync()
    {
        await using var both = new TwoRegistries(Cache);
        await both.StartAsync(Instances.Many(2), Instances.Many(1, "b"));
    }
}
