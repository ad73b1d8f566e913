using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>Whose description counts, where two registries describe one instance differently.</summary>
public sealed class MergedDescriptionTests : IAsyncDisposable
{
    private readonly TwoRegistries _both = new();

    private ServiceInstance Known => Assert.Single(_both.Known.Instances);

    public ValueTask DisposeAsync() => _both.DisposeAsync();

    [Fact]
    public async Task Labels_ThatDifferFromTheStart_AreThoseOfTheRegistryNamedFirst()
    {
        await _both.StartAsync([Instances.Create("x", weight: 1)], [Instances.Create("x", weight: 2)]);
        Assert.Equal(1, Known.Weight);
    }

    [Fact]
    public async Task Labels_ThatChange_AreThoseOfTheLatestChange()
    {
        await _both.StartAsync([Instances.Create("x", weight: 1)], [Instances.Create("x", weight: 1)]);

        await SendAsync(_both.B, Instances.Create("x", weight: 2));
        await _both.KnownAsync(known => known.Instances[0].Weight == 2);
        await SendAsync(_both.A, Instances.Create("x", weight: 3));

        await _both.KnownAsync(known => known.Instances[0].Weight == 3);
    }

    [Fact]
    public async Task Labels_OfALostRegistry_GiveWayToThoseOfALiveOne()
    {
        await _both.StartAsync([Instances.Create("x", weight: 1)], [Instances.Create("x", weight: 2)]);

        await _both.LoseAsync(_both.A);
        await _both.KnownAsync(known => known.Instances[0].Weight == 2);
        await _both.ReturnAsync(_both.A, Instances.Create("x", weight: 1));

        await _both.KnownAsync(known => known.Instances[0].Weight == 1);
    }

    [Fact]
    public async Task Health_ThatOneRegistryCallsUnhealthy_IsWhatTheOtherSays()
    {
        await _both.StartAsync([Instances.Create("x")], [Instances.Create("x", health: HealthStatus.Degraded)]);
        Assert.Equal(HealthStatus.Healthy, Known.Health);

        await SendAsync(_both.A, Instances.Create("x", health: HealthStatus.Unhealthy)); // its check has expired: it does not hear the app

        await _both.KnownAsync(known => known.Instances[0].Health == HealthStatus.Degraded);
    }

    [Fact]
    public async Task Health_ThatBothCallUnhealthy_IsUnhealthy()
    {
        await _both.StartAsync([Instances.Create("x")], [Instances.Create("x")]);
        await SendAsync(_both.B, Instances.Create("x", health: HealthStatus.Unhealthy));
        Assert.Equal(HealthStatus.Healthy, Known.Health);

        await SendAsync(_both.A, Instances.Create("x", health: HealthStatus.Unhealthy));

        await _both.KnownAsync(known => known.Instances[0].Health == HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Health_OfALostRegistry_GivesWayToThatOfALiveOne()
    {
        await _both.StartAsync([Instances.Create("x")], [Instances.Create("x")]);
        await _both.LoseAsync(_both.A);

        await SendAsync(_both.B, Instances.Create("x", health: HealthStatus.Unhealthy));

        await _both.KnownAsync(known => known.Instances[0].Health == HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Incarnation_WhenAnotherRegistryDescribes_StaysTheSame()
    {
        await _both.StartAsync([Instances.Create("x", incarnation: 10)], [Instances.Create("x", incarnation: 77)]);
        Assert.Equal(10, Known.Incarnation);

        await SendAsync(_both.B, Instances.Create("x", weight: 5, incarnation: 77));
        await _both.KnownAsync(known => known.Instances[0].Weight == 5);

        Assert.Equal(10, Known.Incarnation);
    }

    [Fact]
    public async Task Incarnation_ThatChangesInOne_IsThatRegistrysLossOfDataOnly()
    {
        await _both.StartAsync([Instances.Create("x", incarnation: 10)], [Instances.Create("x", incarnation: 77)]);

        await SendAsync(_both.A, Instances.Create("x", weight: 5, incarnation: 11));
        await _both.KnownAsync(known => known.Instances[0].Weight == 5);
        Assert.Equal(10, Known.Incarnation);
        await SendAsync(_both.B, Instances.Create("x", weight: 6, incarnation: 78));
        await _both.KnownAsync(known => known.Instances[0].Weight == 6);

        Assert.NotEqual(10, Known.Incarnation); // registered anew in both: another copy
    }

    [Fact]
    public async Task Incarnation_ThatChangesInTheOnlyLiveOne_Changes()
    {
        await _both.StartAsync([Instances.Create("x", incarnation: 10)], [Instances.Create("x", incarnation: 77)]);
        await _both.LoseAsync(_both.A);

        await SendAsync(_both.B, Instances.Create("x", incarnation: 78));

        await _both.KnownAsync(known => known.Instances[0].Incarnation == 78);
    }

    [Fact]
    public async Task Incarnation_OfOneThatLeftBothAndComesAtOnce_IsAnother()
    {
        await _both.StartAsync([Instances.Create("x", incarnation: 10), Instances.Create("y")], [Instances.Create("x", incarnation: 77), Instances.Create("y")]);
        _both.A.Delete("orders", "x");
        _both.B.Delete("orders", "x");
        await _both.KnownAsync(known => known.Instances.Count == 1);

        await SendAsync(_both.B, Instances.Create("x", incarnation: 78));

        await _both.KnownAsync(known => known.Instances.Any(instance => instance is { Id: "x", Incarnation: 78 }));
    }

    [Fact]
    public async Task Change_ThatBothTell_IsPublishedOnce()
    {
        await _both.StartAsync([Instances.Create("x")], [Instances.Create("x")]);
        await SendAsync(_both.A, Instances.Create("x", weight: 5));
        var first = await _both.KnownAsync(known => known.Instances[0].Weight == 5);

        await SendAsync(_both.B, Instances.Create("x", weight: 5));

        Assert.Equal(first.Version, _both.Known.Version);
    }

    private static async Task SendAsync(ScriptedRegistry registry, ServiceInstance instance)
    {
        registry.Send("orders", RegistryChange.Delta([instance], []));
        await TwoRegistries.HeardAsync(registry);
    }
}
