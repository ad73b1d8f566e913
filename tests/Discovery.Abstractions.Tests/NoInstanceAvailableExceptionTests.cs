using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Tests;

public sealed class NoInstanceAvailableExceptionTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Create_NothingKnown_SaysWhereFromAndHowOld()
    {
        var snapshot = Snapshot(SnapshotSource.None);

        var exception = new NoInstanceAvailableException(snapshot, default);

        Assert.Equal("orders", exception.ServiceName);
        Assert.Equal(SnapshotSource.None, exception.SnapshotSource);
        Assert.Equal("No instance of service 'orders' is available: none is known (source None, age 1.5 s).", exception.Message);
    }

    [Fact]
    public void Create_OtherSchemeKnown_SaysWhichWasWanted()
    {
        var instance = new ServiceInstance { ServiceName = "orders", Id = "one", Endpoints = [new Uri("http://10.0.0.1")] };

        var exception = new NoInstanceAvailableException(Snapshot(SnapshotSource.Stale, instance), new PickRequest { Scheme = "https" });

        Assert.Contains("none of the 1 known has an endpoint of scheme https (source Stale", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_RegistriesThatDoNotAnswer_AreNamedWithSinceWhenAndTheLastError()
    {
        var at = new DateTimeOffset(2026, 11, 28, 20, 38, 28, TimeSpan.Zero);
        RegistryStatus never = new() { Registry = "Consul http://consul:8500", FailingSince = at };
        RegistryStatus lost = new() { Registry = "etcd http://etcd:2379", LastAnswer = at, FailingSince = at.AddMinutes(1), LastError = "connection refused" };

        var exception = new NoInstanceAvailableException(Snapshot(SnapshotSource.Stale), default, [never, lost]);

        Assert.Equal([never, lost], exception.SilentRegistries);
        Assert.EndsWith(
            "age 1.5 s). Consul http://consul:8500 has never answered, asked since 2026-11-28 20:38:28Z. etcd http://etcd:2379 has not answered since 2026-11-28 20:38:28Z: connection refused",
            exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_CultureWithDecimalComma_StaysInvariant()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("en-US") { NumberFormat = { NumberDecimalSeparator = "," } };

            Assert.Contains("age 1.5 s", new NoInstanceAvailableException(Snapshot(SnapshotSource.Stale), default).Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Age_AfterwardsOnTheClock_IsAsItWasThrown()
    {
        var exception = new NoInstanceAvailableException(Snapshot(SnapshotSource.Stale), default);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(1.5), exception.Age);
    }

    private ServiceSnapshot Snapshot(SnapshotSource source, params ServiceInstance[] instances)
    {
        var confirmedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1.5));
        return new ServiceSnapshot("orders", instances, source, 1, _time, confirmedAt);
    }
}
