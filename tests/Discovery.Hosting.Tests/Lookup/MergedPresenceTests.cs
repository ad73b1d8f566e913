using Discovery.Testing;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>Which instances are there, where two registries are asked: each is judged by itself, and an instance is there while one vouches for it.</summary>
public sealed class MergedPresenceTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    private readonly TwoRegistries _both = new();

    public ValueTask DisposeAsync() => _both.DisposeAsync();

    [Fact]
    public async Task Instance_InBoth_IsThereOnce()
    {
        await _both.StartAsync(Instances.Many(2), Instances.Many(2));

        Assert.Equal(["a0", "a1"], _both.Known.Instances.Ids().Order());
        Assert.Equal(SnapshotSource.Live, _both.Known.Source);
    }

    [Fact]
    public async Task Instances_OfEither_AreThereTogether()
    {
        await _both.StartAsync(Instances.Many(2), Instances.Many(3, "b"));

        Assert.Equal(["a0", "a1", "b0", "b1", "b2"], _both.Known.Instances.Ids().Order());
        Assert.Equal(SnapshotSource.Live, _both.Known.Source);
    }

    [Fact]
    public async Task Instance_DeletedInOne_IsThereUntilTheOtherDeletesIt()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(3));

        _both.A.Delete("orders", "a0");
        await TwoRegistries.HeardAsync(_both.A);
        Assert.Equal(3, _both.Known.Instances.Count);

        _both.B.Delete("orders", "a0");
        await _both.KnownAsync(known => known is { Instances.Count: 2, Source: SnapshotSource.Live });
    }

    [Fact]
    public async Task Registry_Lost_TakesNothingAlongThatTheOtherLists()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(3));

        await _both.LoseAsync(_both.A);

        await _both.KnownAsync(known => known is { Instances.Count: 3, Source: SnapshotSource.Live });
        Assert.Equal(TimeSpan.Zero, _both.Known.Age);
    }

    [Fact]
    public async Task Registry_Lost_KeepsWhatItAloneKnewAsStale()
    {
        await _both.StartAsync(Instances.Many(2), Instances.Many(1, "b"));
        await _both.LoseAsync(_both.A);
        _both.Host.Time.Advance(TimeSpan.FromMinutes(4));

        await _both.KnownAsync(known => known is { Instances.Count: 3, Source: SnapshotSource.Stale });
        Assert.Equal(240, _both.Known.Age.TotalSeconds, 5.0);

        await _both.ReturnAsync(_both.A, Instances.Many(2));
        await _both.KnownAsync(known => known is { Instances.Count: 3, Source: SnapshotSource.Live });
    }

    [Fact]
    public async Task Instance_DeletedInOneWhileTheOtherIsLost_IsGone()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(3));
        await _both.LoseAsync(_both.A);
        _both.Host.Time.Advance(TimeSpan.FromMinutes(1));

        _both.B.Delete("orders", "a0");

        await _both.KnownAsync(known => known is { Instances.Count: 2, Source: SnapshotSource.Live });
    }

    [Fact]
    public async Task Instance_DeletedInOneJustBeforeTheOtherIsLost_IsGoneToo()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(3));
        _both.B.Delete("orders", "a0");
        await TwoRegistries.HeardAsync(_both.B);
        _both.Host.Time.Advance(TimeSpan.FromSeconds(1));
        _both.A.Send("orders", RegistryChange.Confirmation); // a process that stops leaves one registry after the other
        await TwoRegistries.HeardAsync(_both.A);
        Assert.Equal(3, _both.Known.Instances.Count);

        await _both.LoseAsync(_both.A);

        await _both.KnownAsync(known => known is { Instances.Count: 2, Source: SnapshotSource.Live });
    }

    [Theory]
    [InlineData(1, true)] // a process that stops leaves one registry after the other
    [InlineData(10, false)] // such as one that cannot reach B
    public async Task Instance_DeletedInOneBeforeTheOtherIsFirstHeard_IsGoneWhenThatOneIsLostUnlessItWasLongBefore(int seconds, bool isGone)
    {
        _both.B.List("orders", Instances.Many(2));
        await _both.Host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => _both.A.IsWatched("orders"), cancellationToken: TestContext.Current.CancellationToken); // it says nothing yet
        _both.B.Delete("orders", "a0");
        await _both.KnownAsync(known => known.Instances.Count == 1);
        _both.Host.Time.Advance(TimeSpan.FromSeconds(seconds));
        _both.A.Send("orders", RegistryChange.Complete(Instances.Many(2)));
        await _both.KnownAsync(known => known is { Instances.Count: 2, Source: SnapshotSource.Live });

        await _both.LoseAsync(_both.A);

        await _both.KnownAsync(known => isGone ? known is { Instances.Count: 1, Source: SnapshotSource.Live } : known is { Instances.Count: 2, Source: SnapshotSource.Stale });
    }

    [Fact]
    public async Task Instance_DeletedInOneJustBeforeTheOtherIsSeenToGetIt_IsGoneWhenThatOneIsLost()
    {
        await _both.StartAsync(Instances.Many(1), Instances.Many(2));
        _both.B.Delete("orders", "a1");
        await _both.KnownAsync(known => known.Instances.Count == 1);
        _both.A.Send("orders", RegistryChange.Delta([Instances.Create("a1")], [])); // sent before it stopped, heard later
        await _both.KnownAsync(known => known.Instances.Count == 2);

        await _both.LoseAsync(_both.A);

        await _both.KnownAsync(known => known is { Instances.Count: 1, Source: SnapshotSource.Live });
    }

    [Fact]
    public async Task Instance_DeletedInOneLongBeforeTheOtherIsLost_IsKept()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(3));
        _both.B.Delete("orders", "a0"); // such as one that cannot reach B
        await TwoRegistries.HeardAsync(_both.B);
        _both.Host.Time.Advance(TimeSpan.FromSeconds(10));
        _both.A.Send("orders", RegistryChange.Confirmation);
        await TwoRegistries.HeardAsync(_both.A);

        await _both.LoseAsync(_both.A);

        await _both.KnownAsync(known => known is { Instances.Count: 3, Source: SnapshotSource.Stale });
    }

    [Fact]
    public async Task Instance_RegisteredAnewInOneAfterItsDeletion_IsKeptWhenThatOneIsLost()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(3));
        _both.A.Delete("orders", "a0");
        _both.B.Delete("orders", "a0");
        await _both.KnownAsync(known => known.Instances.Count == 2);
        _both.A.Send("orders", RegistryChange.Delta([Instances.Create("a0", incarnation: 7)], []));
        await _both.KnownAsync(known => known.Instances.Count == 3);

        await _both.LoseAsync(_both.A);

        await _both.KnownAsync(known => known is { Instances.Count: 3, Source: SnapshotSource.Stale });
    }

    [Fact]
    public async Task Instances_OfALostRegistryThatReturnsWithoutThem_AreBelievedToHaveLeft()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(2));
        await _both.LoseAsync(_both.A);

        await _both.ReturnAsync(_both.A, Instances.Many(2));

        await _both.KnownAsync(known => known is { Instances.Count: 2, Source: SnapshotSource.Live });
    }

    [Fact]
    public async Task MassExpiry_InOne_IsNothingWhileTheOtherListsThem()
    {
        var instances = Instances.Many(10);
        await _both.StartAsync(instances, instances);

        _both.A.Delete("orders", instances.Ids());
        await TwoRegistries.HeardAsync(_both.A);
        _both.Host.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal((10, SnapshotSource.Live), (_both.Known.Instances.Count, _both.Known.Source));
        Assert.Equal(0, _both.Host.Probe.Probes);
        Assert.Equal(0, _both.Host.Log.Count(203));
    }

    [Fact]
    public async Task MassExpiry_InBoth_IsHeldUntilTheInstancesRefuse()
    {
        var instances = Instances.Many(10);
        await _both.StartAsync(instances, instances);
        _both.A.Delete("orders", instances.Ids());
        await TwoRegistries.HeardAsync(_both.A);
        _both.B.Delete("orders", instances.Ids());
        await _both.KnownAsync(known => known is { Instances.Count: 10, Source: SnapshotSource.Stale });

        _both.Host.Probe.Close(instances);

        await _both.Host.PassTimeUntilAsync(() => _both.Known is { Instances.Count: 0, Source: SnapshotSource.Live }, Soon);
    }

    [Fact]
    public async Task WipedRegistry_WhileTheOtherIsLost_EmptiesNobody()
    {
        var instances = Instances.Many(10);
        await _both.StartAsync(instances, instances);
        await _both.LoseAsync(_both.A);

        _both.B.Send("orders", RegistryChange.Complete([]));
        await _both.KnownAsync(known => known is { Instances.Count: 10, Source: SnapshotSource.Stale });
        _both.Host.Time.Advance(TimeSpan.FromMinutes(2)); // longer than EmptyHold

        Assert.Equal(10, _both.Known.Instances.Count); // the lost one never said that they are gone
    }

    [Fact]
    public async Task BothLost_KeepAll()
    {
        await _both.StartAsync(Instances.Many(3), Instances.Many(2, "b"));
        await _both.LoseAsync(_both.A);
        await _both.LoseAsync(_both.B);
        _both.Host.Time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal((5, SnapshotSource.Stale), (_both.Known.Instances.Count, _both.Known.Source));
        Assert.Equal(240, _both.Known.Age.TotalSeconds, 5.0);
    }

    [Fact]
    public async Task Instances_ThatJoinBecauseTheSecondRegistryAnswers_GetTheirFullShareAtOnce()
    {
        await _both.StartAsync(Instances.Many(2), Instances.Many(2, "b"));
        Assert.All(_both.Host.Discovery.GetInstanceStatus("orders"), status => Assert.False(status.IsStartingSlowly));

        _both.B.Send("orders", RegistryChange.Delta([Instances.Create("c")], []));
        await _both.KnownAsync(known => known.Instances.Count == 5);
        Assert.Equal("c", Assert.Single(_both.Host.Discovery.GetInstanceStatus("orders"), status => status.IsStartingSlowly).Instance.Id);
    }
}
