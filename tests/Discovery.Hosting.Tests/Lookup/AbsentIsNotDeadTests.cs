using Discovery.Testing;

namespace Discovery.Hosting.Tests.Lookup;

public sealed class AbsentIsNotDeadTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly LookupHost _host = new();

    [Fact]
    public async Task MassExpiry_InOneChange_IsHeldAndStale()
    {
        var instances = await StartAsync(10);

        _host.Registry.Delete("orders", instances.Ids());

        var snapshot = await _host.KnownAsync(known => known.Source == SnapshotSource.Stale);
        Assert.Equal(10, snapshot.Instances.Count);
        Assert.Equal(1, _host.Log.Count(203));
    }

    [Fact]
    public async Task MassExpiry_OneByOne_IsHeldAllTheSame()
    {
        var instances = await StartAsync(10);

        foreach (var instance in instances)
        {
            _host.Registry.Delete("orders", instance.Id);
            _host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var snapshot = await _host.KnownAsync(known => known.Source == SnapshotSource.Stale && known.Instances.Count == 10);
        Assert.Equal(instances.Ids().Order(), snapshot.Instances.Ids());
    }

    [Fact]
    public async Task MassExpiry_OfASmallSetOneByOne_IsHeldAllTheSame()
    {
        await StartAsync(3);

        _host.Registry.Delete("orders", "a0");
        await _host.KnownAsync(known => known.Instances.Count == 2 && known.Source == SnapshotSource.Live);
        _host.Registry.Delete("orders", "a1");
        _host.Registry.Delete("orders", "a2");

        await _host.KnownAsync(known => known.Source == SnapshotSource.Stale && known.Instances.Count == 3);
    }

    [Fact]
    public async Task MassExpiry_WhereTheInstancesComeBack_IsLiveAgain()
    {
        var instances = await StartAsync(10);
        _host.Registry.Delete("orders", instances.Ids());
        await _host.KnownAsync(known => known.Source == SnapshotSource.Stale);

        _host.Registry.Send("orders", RegistryChange.Delta(instances, []));

        Assert.Equal(10, (await _host.KnownAsync(known => known.Source == SnapshotSource.Live)).Instances.Count);
    }

    [Fact]
    public async Task WipedRegistry_ListedAnew_KeepsTheInstancesForEmptyHoldOnly()
    {
        await StartAsync(4);
        _host.Registry.List("orders");
        _host.Registry.Lose("orders");
        await _host.PassTimeUntilAsync(() => _host.Registry.Watches("orders") == 2, TimeSpan.FromSeconds(1));
        await _host.KnownAsync(known => known is { Source: SnapshotSource.Stale, Instances.Count: 4 });
        await _host.PassTimeUntilAsync(() => _host.Probe.Probes > 40, TimeSpan.FromSeconds(30));
        Assert.Equal(4, _host.Known().Instances.Count);

        await _host.PassTimeUntilAsync(() => _host.Known().Instances.Count == 0, TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));

        Assert.Equal(SnapshotSource.Live, _host.Known().Source);
    }

    [Fact]
    public async Task WipedRegistry_OfASingleInstance_IsNotBelievedByListing()
    {
        await StartAsync(1);

        _host.Registry.Send("orders", RegistryChange.Complete([]));

        await _host.KnownAsync(known => known is { Source: SnapshotSource.Stale, Instances.Count: 1 });
    }

    [Fact]
    public async Task ScalingToZero_IsBelievedAsSoonAsTheInstancesRefuse()
    {
        var instances = await StartAsync(10);
        _host.Probe.Close(instances);

        _host.Registry.Delete("orders", instances.Ids());

        await _host.PassTimeUntilAsync(() => _host.Known() is { Instances.Count: 0, Source: SnapshotSource.Live }, Soon);
        await Eventually.IsAsync(() => _host.Log.Count(204), dropped => dropped == 10, cancellationToken: TestContext.Current.CancellationToken); // written once the set is published
    }

    [Fact]
    public async Task ScalingToZero_OneByOne_IsBelievedAsSoonAsTheInstancesRefuse()
    {
        var instances = await StartAsync(3);
        _host.Probe.Close(instances);

        Array.ForEach(instances, instance => _host.Registry.Delete("orders", instance.Id));

        await _host.PassTimeUntilAsync(() => _host.Known() is { Instances.Count: 0, Source: SnapshotSource.Live }, Soon);
    }

    [Fact]
    public async Task LastInstance_DeletedAsSuch_IsGoneAtOnce()
    {
        await StartAsync(1);

        _host.Registry.Delete("orders", "a0");

        await _host.KnownAsync(known => known is { Source: SnapshotSource.Live, Instances.Count: 0 });
        Assert.Equal(0, _host.Probe.Probes);
    }

    [Fact]
    public async Task Redeploy_OfAllOnNewPorts_PicksTheNewOnesAtOnceAndDropsTheOldOnes()
    {
        var old = await StartAsync(3);
        _host.Probe.Close(old);
        var renewed = Instances.Many(3, "b");

        _host.Registry.Send("orders", RegistryChange.Complete(renewed));

        await _host.KnownAsync(known => known.Instances.Ids().SequenceEqual(["b0", "b1", "b2"]));
        await _host.PassTimeUntilAsync(() => _host.Known().Source == SnapshotSource.Live, Soon);
        using var view = _host.Discovery.GetView("orders");
        Assert.All(Enumerable.Range(0, 50), _ => Assert.True(view.TryPick(default, out var pick) && pick.Instance.Id[0] == 'b'));
    }

    [Fact]
    public async Task HeldInstances_ArePickedOnlyWhereNoListedOneWouldDo()
    {
        await StartAsync(3);
        _host.Registry.Send("orders", RegistryChange.Complete(Instances.Many(1, "b")));
        await _host.KnownAsync(known => known.Source == SnapshotSource.Stale);
        using var view = _host.Discovery.GetView("orders");
        Assert.True(view.TryPick(default, out var listed));
        Assert.Equal("b0", listed.Instance.Id);

        Assert.True(view.TryPick(new PickRequest { Tried = ["b0"] }, out var held));

        Assert.StartsWith("a", held.Instance.Id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(3, 1)]
    [InlineData(2, 1)]
    public async Task Shrinking_ToHalfOrToOneOfThree_IsBelievedAtOnce(int before, int after)
    {
        await StartAsync(before);

        _host.Registry.Send("orders", RegistryChange.Complete(Instances.Many(after)));

        await _host.KnownAsync(known => known.Source == SnapshotSource.Live && known.Instances.Count == after);
    }

    [Theory]
    [InlineData(10, 4)]
    [InlineData(4, 1)]
    public async Task Shrinking_ToLess_IsNotBelieved(int before, int after)
    {
        await StartAsync(before);

        _host.Registry.Send("orders", RegistryChange.Complete(Instances.Many(after)));

        await _host.KnownAsync(known => known.Source == SnapshotSource.Stale && known.Instances.Count == after);
    }

    [Fact]
    public async Task Shrinking_SlowlyOverMinutes_IsBelievedEachTime()
    {
        var instances = await StartAsync(6);

        for (var left = 5; left >= 0; left--)
        {
            _host.Registry.Delete("orders", instances[left].Id);
            await _host.KnownAsync(known => known.Source == SnapshotSource.Live && known.Instances.Count == left);
            _host.Time.Advance(TimeSpan.FromSeconds(31));
        }

        Assert.Equal(0, _host.Probe.Probes);
    }

    [Fact]
    public async Task Age_WhileInstancesAreHeld_CountsFromWhenTheyWereLast()
    {
        var instances = await StartAsync(4);
        _host.Registry.Delete("orders", instances.Ids());
        await _host.KnownAsync(known => known.Source == SnapshotSource.Stale);

        _host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(10, _host.Known().Age.TotalSeconds, 0.5);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<ServiceInstance[]> StartAsync(int count)
    {
        var instances = Instances.Many(count);
        _host.Registry.List("orders", instances);
        await _host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        return instances;
    }
}
