namespace Discovery.Hosting.Tests.Lookup;

/// <summary>Whether the exception tells a registry that has no instance from one that has not answered.</summary>
public sealed class NoInstanceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pick_WhereTheRegistryHasNone_SaysNothingOfTheRegistry()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders");

        var exception = await Assert.ThrowsAsync<NoInstanceAvailableException>(() => host.Discovery.PickAsync("orders", default, Cancellation).AsTask());

        Assert.Empty(exception.SilentRegistries);
        Assert.EndsWith("none is known (source Live, age 0 s).", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pick_WhereTheRegistryHangs_SaysThatItHasNeverAnsweredAndSinceWhenItIsAsked()
    {
        await using var host = new LookupHost();

        var exception = await PickInVainAsync(host);

        Assert.EndsWith(" Scripted registry has never answered, asked since 2026-01-01 00:00:00Z.", exception.Message, StringComparison.Ordinal);
        Assert.Equal((null, null), (exception.SilentRegistries[0].LastAnswer, exception.SilentRegistries[0].LastError));
    }

    [Fact]
    public async Task Pick_WhereTheRegistryIsDown_SaysTheLastErrorToo()
    {
        await using var host = new LookupHost();
        host.Registry.IsDown = true;

        var exception = await PickInVainAsync(host);

        Assert.EndsWith(" Scripted registry has never answered, asked since 2026-01-01 00:00:00Z: down", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pick_WhereTheRegistryWasLostWithNoneInIt_SaysWhenItAnsweredLast()
    {
        await using var host = new LookupHost();
        host.Registry.List("orders");
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        host.Registry.IsDown = true;
        host.Registry.Lose("orders");
        await host.KnownAsync(known => known.Source == SnapshotSource.Stale);

        var exception = await Assert.ThrowsAsync<NoInstanceAvailableException>(() => host.Discovery.PickAsync("orders", default, Cancellation).AsTask());

        Assert.EndsWith(" Scripted registry has not answered since 2026-01-01 00:00:00Z: lost by the test", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pick_WhereOneOfTwoRegistriesHasNoneAndTheOtherIsDown_NamesTheOther()
    {
        await using var both = new TwoRegistries();
        both.A.List("orders");
        both.B.IsDown = true;

        var exception = await PickInVainAsync(both.Host);

        Assert.Equal((SnapshotSource.Live, "registry B"), (exception.SnapshotSource, Assert.Single(exception.SilentRegistries).Registry));
        Assert.EndsWith("age 0 s). registry B has never answered, asked since 2026-01-01 00:00:00Z: down", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<NoInstanceAvailableException> PickInVainAsync(LookupHost host)
    {
        var picking = host.Discovery.PickAsync("orders", default, Cancellation).AsTask();
        await host.PassTimeUntilAsync(() => picking.IsCompleted, TimeSpan.FromSeconds(5));
        return await Assert.ThrowsAsync<NoInstanceAvailableException>(() => picking);
    }
}
