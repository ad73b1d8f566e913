using System.Diagnostics;
using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>An app in two registries: what befalls one of them is no matter to its registration in the other.</summary>
public sealed class SeveralRegistriesTests : IAsyncDisposable
{
    private readonly InMemoryServiceRegistry _a = new(TimeProvider.System) { Description = "registry A" };
    private InMemoryServiceRegistry _b = new(TimeProvider.System) { Description = "registry B" };
    private WebApplication? _app;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IServiceProvider Services => _app!.Services;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task App_InTwoRegistries_StandsInBothUnderOneIdAndLeavesBoth()
    {
        await StartAsync();
        await RegisteredAsync(_a, _b);

        Assert.Equal(Assert.Single(In(_a)).Id, Assert.Single(In(_b)).Id);
        Assert.Equal(["registry A", "registry B"], Services.GetRequiredService<IDiscoveryDiagnostics>().GetRegistrations().Select(status => status.Registry));
        Assert.Single((await Services.GetRequiredService<IServiceDiscovery>().GetInstancesAsync("shop", Cancellation)).Instances);
        await _app!.StopAsync(Cancellation);
        Assert.Empty(In(_a));
        Assert.Empty(In(_b));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task App_WhileOneRegistryIsDownAtStart_IsHealthyInTheOtherAndFollowsLater(bool firstIsDown)
    {
        var (down, up) = firstIsDown ? (_a, _b) : (_b, _a);
        down.Faults.FailingWith = RegistryErrorKind.Unavailable;
        await StartAsync();
        await RegisteredAsync(up);
        await Eventually.HoldsAsync(
            () => Services.GetRequiredService<IDiscoveryDiagnostics>().GetRegistrations().Any(status => status.Registry == down.Description && status.LastError is not null),
            cancellationToken: Cancellation);

        var registration = await CheckAsync("discovery-registration", HealthStatus.Healthy);
        Assert.Contains($"not registered in {down.Description}", registration.Description, StringComparison.Ordinal);
        Assert.Contains(registration.Data.Keys, key => key.EndsWith($"in {down.Description}:lastError", StringComparison.Ordinal));
        var registry = await CheckAsync("discovery-registry", HealthStatus.Degraded);
        Assert.Contains(down.Description, registry.Description, StringComparison.Ordinal);
        Assert.Empty(In(down));

        down.Faults.FailingWith = null;
        await RegisteredAsync(down);
        await CheckAsync("discovery-registry", HealthStatus.Healthy);
        Assert.Equal("Registered.", (await CheckAsync("discovery-registration", HealthStatus.Healthy)).Description);
    }

    [Fact]
    public async Task App_InNoRegistry_IsDegraded()
    {
        (_a.Faults.FailingWith, _b.Faults.FailingWith) = (RegistryErrorKind.Unavailable, RegistryErrorKind.Unavailable);
        await StartAsync();

        var registration = await CheckAsync("discovery-registration", HealthStatus.Degraded);

        Assert.Contains("registry A", registration.Description, StringComparison.Ordinal);
        Assert.Contains("registry B", registration.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_ThatOnlyCallersOnThisMachineCanReach_StandsInTheRegistryOnThisMachineAlone()
    {
        _b = new(TimeProvider.System) { Description = "registry B", Endpoints = [new Uri("http://registry.example:2379")] };
        await StartAsync();
        await RegisteredAsync(_a);

        var refused = await Eventually.IsAsync(
            () => Services.GetRequiredService<IDiscoveryDiagnostics>().GetRegistrations()[1], status => status.State == RegistrationState.Refused, cancellationToken: Cancellation);
        Assert.Contains("http://127.0.0.1", refused.LastError, StringComparison.Ordinal);
        Assert.Empty(In(_b));
    }

    [Fact]
    public async Task Beats_WhileOneRegistryHangs_GoOnInTheOther()
    {
        await StartAsync();
        await RegisteredAsync(_a, _b);
        _a.Faults.Hanging = true;
        var before = _b.Journal.Count(RegistryOperations.KeepAlive);
        await Eventually.HoldsAsync(() => In(_a).Count == 0, TimeSpan.FromSeconds(30), Cancellation); // it has expired there

        Assert.True(_b.Journal.Count(RegistryOperations.KeepAlive) > before + 1);
        Assert.Equal(1, _b.Journal.Count(RegistryOperations.Register));
        Assert.Single(In(_b));
    }

    [Fact]
    public async Task Stop_WhileOneRegistryHangs_LeavesTheOtherAtOnceAndEndsInTime()
    {
        await StartAsync();
        await RegisteredAsync(_a, _b);
        _a.Faults.Hanging = true;

        var clock = Stopwatch.StartNew();
        var stopping = _app!.StopAsync(Cancellation);
        await Eventually.HoldsAsync(() => In(_b).Count == 0, cancellationToken: Cancellation);
        Assert.False(stopping.IsCompleted); // it does wait for A
        await stopping;

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10); // 3 s, and what a busy machine takes
        Assert.NotEmpty(_a.Journal.Of(RegistryOperations.Revoke | RegistryOperations.Deregister));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task FailFast_WhereOneRegistryIsDown_StartsUnlessTheOtherIsToo(bool aIsDown, bool bIsDown)
    {
        _a.Faults.FailingWith = aIsDown ? RegistryErrorKind.Unavailable : null;
        _b.Faults.FailingWith = bIsDown ? RegistryErrorKind.Unavailable : null;

        var failure = await Record.ExceptionAsync(() => StartAsync(("Discovery:Registration:FailFast", "true")));

        Assert.Equal(bIsDown, failure is DiscoveryStartupException);
        Assert.Equal(bIsDown ? 0 : 1, In(_b).Count);
    }

    [Fact]
    public async Task Registrar_WhileOneRegistryIsDown_EndsWhenTheOtherHasTheInstance()
    {
        await StartAsync();
        await RegisteredAsync(_a, _b);
        _a.Faults.FailingWith = RegistryErrorKind.Unavailable;
        var instance = new ServiceInstance { ServiceName = "billing", Id = "billing-1", Endpoints = [new Uri("http://10.0.0.1:80")] };

        await Services.GetRequiredService<IServiceRegistrar>().RegisterAsync(instance, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Single(_b.Store.GetInstances("billing"));
        Assert.Empty(_a.Store.GetInstances("billing"));
    }

    [Fact]
    public async Task Copy_WhoseIdIsTakenInBothRegistries_TakesOneNewIdInBoth()
    {
        await StartAsync();
        await RegisteredAsync(_a, _b);
        var taken = Assert.Single(In(_a));
        await using var leaseInA = await _a.RegisterAsync(taken, TimeSpan.FromMinutes(1), Cancellation);
        await using var leaseInB = await _b.RegisterAsync(taken, TimeSpan.FromMinutes(1), Cancellation);

        await Eventually.HoldsAsync(() => In(_a).Count == 2 && In(_b).Count == 2, TimeSpan.FromSeconds(30), Cancellation);

        var own = Assert.Single(In(_a), instance => instance.Id != taken.Id).Id;
        Assert.Equal(own, Assert.Single(In(_b), instance => instance.Id != taken.Id).Id);
    }

    private static IReadOnlyList<ServiceInstance> In(InMemoryServiceRegistry registry) => [.. registry.Store.GetInstances("shop")];

    private static async Task RegisteredAsync(params InMemoryServiceRegistry[] registries)
    {
        foreach (var registry in registries)
        {
            await Eventually.HoldsAsync(() => In(registry).Count == 1, TimeSpan.FromSeconds(30), Cancellation);
        }
    }

    private Task StartAsync(params (string Path, string Value)[] settings)
    {
        var builder = ShopApp.CreateBuilder(_a);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "",
            ["Discovery:Providers:0"] = "InMemory",
            ["Discovery:Providers:1"] = "Second",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Path, setting => (string?)setting.Value));
        builder.Services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(_b, "Second"));
        _app = builder.Build();
        return _app.StartAsync(Cancellation);
    }

    private async Task<HealthReportEntry> CheckAsync(string check, HealthStatus status)
    {
        var report = await Eventually.IsAsync(
            () => Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation),
            report => report.Entries[check].Status == status,
            TimeSpan.FromSeconds(30),
            Cancellation);
        return report.Entries[check];
    }
}
