using System.Net;
using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Health;

/// <summary>What orchestrators and operators are told, over HTTP and by HealthCheckService.</summary>
public sealed class HealthEndpointTests : IAsyncDisposable
{
    private readonly InMemoryServiceRegistry _registry = new(TimeProvider.System) { Description = "the registry" };
    private WebApplication _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Checks_OfARegisteredApp_AreHealthyAndTellAll()
    {
        await StartAsync();
        var entry = await UntilAsync("discovery-registration", HealthStatus.Healthy);
        var registry = await UntilAsync("discovery-registry", HealthStatus.Healthy);

        Assert.Equal(["ready"], entry.Tags);
        Assert.Equal(["lastBeat", "lease", "registry", "since", "state"], entry.Data.Keys.Select(key => key.Split(':')[^1]).Order());
        Assert.Equal("Registered", entry.Data.Single(pair => pair.Key.EndsWith(":state", StringComparison.Ordinal)).Value);
        Assert.DoesNotContain("ready", registry.Tags);
        Assert.Equal(["the registry:lastAnswer"], registry.Data.Keys);
    }

    [Fact]
    public async Task Checks_WhileTheRegistryIsDown_AreDegradedAndTheAppStaysReady()
    {
        await StartAsync();
        await UntilAsync("discovery-registration", HealthStatus.Healthy);
        _registry.Faults.FailingWith = RegistryErrorKind.Unavailable;
        var registration = await UntilAsync("discovery-registration", HealthStatus.Degraded);
        var registry = await UntilAsync("discovery-registry", HealthStatus.Degraded);

        var error = registration.Data.Single(pair => pair.Key.EndsWith(":lastError", StringComparison.Ordinal)).Value;
        Assert.Contains("told by a test to fail: KeepAlive", (string)error, StringComparison.Ordinal);
        Assert.Equal(error, registry.Data["the registry:lastError"]);
        Assert.Contains("the registry:failingSince", registry.Data.Keys);
        Assert.Equal((HttpStatusCode.OK, "Degraded"), await AskAsync("/health/ready"));

        _registry.Faults.FailingWith = null;
        await UntilAsync("discovery-registration", HealthStatus.Healthy);
        await UntilAsync("discovery-registry", HealthStatus.Healthy);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync("/health/ready"));
    }

    [Fact]
    public async Task Ready_WhileTheAppIsLeaving_IsRefusedAndLogsNoFailure()
    {
        using var logs = new ListLoggerProvider();
        await StartAsync(checks => checks.AddCheck("db", () => HealthCheckResult.Healthy()), new() { ["Discovery:Registration:DrainDelay"] = "00:00:02" }, logs: logs);
        await UntilAsync("discovery-registration", HealthStatus.Healthy);
        var stop = _app.StopAsync(Cancellation);

        var answer = await Eventually.IsAsync(() => AskAsync("/health/ready"), answer => answer.Status != HttpStatusCode.OK, cancellationToken: Cancellation);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), answer);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync("/health/live"));
        Assert.False(stop.IsCompleted); // or it was not asked while leaving
        Assert.DoesNotContain(logs.Entries, entry => entry.Level >= LogLevel.Error);
        Assert.Equal(HealthStatus.Unhealthy, (await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["discovery-registration"].Status);
        Assert.Contains(logs.Entries, entry => entry.Level == LogLevel.Error); // what each probe would have logged
        await stop;
    }

    [Fact]
    public async Task HealthTags_SelectTheChecksThatDecideTheBeat()
    {
        await StartAsync(
            checks => checks.AddCheck("db", () => HealthCheckResult.Degraded(), ["beat"]).AddCheck("mail", () => HealthCheckResult.Unhealthy(), ["other"]),
            new() { ["Discovery:Registration:HealthTags:0"] = "beat" });
        await UntilAsync("discovery-registration", HealthStatus.Healthy);
        Assert.Equal(HealthStatus.Degraded, Assert.Single(_registry.Store.GetInstances("shop")).Health);
    }

    [Fact]
    public async Task MapServiceHealth_AtOtherPaths_AnswersThereOnly()
    {
        await StartAsync(map: app => app.MapServiceHealth("/livez", "/readyz"), configure: checks => checks.AddCheck("stuck", () => HealthCheckResult.Unhealthy(), ["live"]));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync("/livez"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync("/readyz"));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/health/ready")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/health/live")).Status);
    }

    private async Task StartAsync(
        Action<IHealthChecksBuilder>? configure = null, Dictionary<string, string?>? settings = null, Action<WebApplication>? map = null, ILoggerProvider? logs = null)
    {
        var builder = ShopApp.CreateBuilder(_registry);
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddRoutingCore();
        configure?.Invoke(builder.Services.AddHealthChecks());
        _app = builder.Build();
        (map ?? (app => app.MapServiceHealth()))(_app);
        await _app.StartAsync(Cancellation);
    }

    private async Task<HealthReportEntry> UntilAsync(string check, HealthStatus status)
    {
        var report = await Eventually.IsAsync(
            () => _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation),
            report => report.Entries[check].Status == status,
            TimeSpan.FromSeconds(30),
            Cancellation);
        return report.Entries[check];
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
