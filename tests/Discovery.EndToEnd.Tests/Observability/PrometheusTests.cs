using System.Text.RegularExpressions;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Observability;

/// <summary>A real Prometheus, configured as in examples/Observability, that finds real copies in a real Consul.</summary>
public sealed class PrometheusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alerts_UnderPromtool_FireForWhatTheyAreFor() =>
        Assert.Contains("SUCCESS", await PrometheusServer.PromtoolAsync("test", "rules", Path.Combine(Dashboard.Folder, "alerts.test.yml")), StringComparison.Ordinal);

    [Fact]
    public async Task Targets_OfACopyThatStartsAfterwards_AreThereSoon()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Consul");
        using var folder = new TemporaryFolder();
        await using var prometheus = await PrometheusServer.StartAsync(Configure(folder, registry.Address), Cancellation);
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);

        // Consul is asked each 5 s, what it says is taken over each 5 s, and scraped within 5 s.
        await Eventually.IsAsync(
            () => prometheus.QueryAsync($"up{{job=\"quickstart\", instance=\"{app.Id}\"}}", Cancellation), found => found.Count == 1 && found[0].Value == 1, TimeSpan.FromSeconds(20), Cancellation);
        var target = Assert.Single(await prometheus.QueryAsync("target_info", Cancellation));
        Assert.Equal("quickstart", target.Labels.GetProperty("service_name").GetString());
    }

    [Fact]
    public async Task Dashboard_WhileThingsGoWrong_HasDataInEveryPanel()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Consul");
        using var folder = new TemporaryFolder();
        await using var prometheus = await PrometheusServer.StartAsync(Configure(folder, registry.Address, hasten: true), Cancellation);
        await using var app = await QuickStartApp.StartAsync(registry, [("Discovery__Registration__Ttl", "00:00:03")]);
        await using var sibling = await QuickStartApp.StartAsync(registry, [("Discovery__Registration__Ttl", "00:00:30")]); // listed for longer than it takes to call it in vain
        await app.RegisteredAsync(registry);
        await sibling.RegisteredAsync(registry);
        await Eventually.IsAsync(() => prometheus.QueryAsync("up{job=\"quickstart\"}", Cancellation), found => found.Count == 2 && found.All(target => target.Value == 1), TimeSpan.FromSeconds(60), Cancellation);

        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var calling = CallAsync(app, stopped.Token);
        await BreakAsync(registry, app, sibling);

        // All at once, for what went wrong soon leaves the window of a rate.
        var queries = Dashboard.Queries("90s");
        Assert.True(queries.Count >= 18);
        await Eventually.IsAsync(() => WithoutDataAsync(prometheus, queries), missing => missing.Count == 0, TimeSpan.FromSeconds(60), Cancellation);

        // The alerts ask for the same names.
        var known = await prometheus.GetMetricNamesAsync(Cancellation);
        var asked = Regex.Matches(await File.ReadAllTextAsync(Path.Combine(Dashboard.Folder, "alerts.yml"), Cancellation), @"(?<=expr:.*|sum by .*)\bdiscovery_\w+(?=[{\[)])")
            .Select(match => match.Value).Except(["discovery_service", "discovery_registry", "discovery_operation"]).ToHashSet();
        Assert.True(asked.Count >= 7);
        Assert.Subset(known.ToHashSet(), asked);
        await stopped.CancelAsync();
        await calling;
    }

    /// <summary>A registration is forgotten, a copy dies under calls, a service has no instance, and the registry hangs.</summary>
    private static async Task BreakAsync(RegistryUnderTest registry, QuickStartApp app, QuickStartApp sibling)
    {
        await registry.RemoveAsync("quickstart", app.Id);
        await app.Process.WaitForLineAsync("is no longer known to", cancellationToken: Cancellation);
        await app.RegisteredAsync(registry);
        await sibling.Process.KillAsync();
        await app.Process.WaitForLineAsync("is given no calls", cancellationToken: Cancellation);
        registry.Suspend();
        await app.Process.WaitForLineAsync("does not answer keep-alives", cancellationToken: Cancellation);
        await app.Process.WaitForLineAsync(@"The watch of service quickstart .* is lost", TimeSpan.FromSeconds(60), Cancellation);
        registry.Resume();
        await app.RegisteredAsync(registry);
    }

    private static async Task CallAsync(QuickStartApp app, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var service in (string[])["quickstart", "nowhere"])
            {
                await app.StatusAsync($"/call/{service}");
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static async Task<List<string>> WithoutDataAsync(PrometheusServer prometheus, IReadOnlyList<(string Panel, string Query)> queries)
    {
        var missing = new List<string>();
        foreach (var (panel, query) in queries)
        {
            var data = await prometheus.QueryAsync(query, Cancellation);
            if (!data.Any(series => double.IsFinite(series.Value)))
            {
                missing.Add($"{panel}: {query}");
            }
        }

        return missing;
    }

    // As shipped, but for where this test's Consul is and, of a test that waits for much, how often all is asked for.
    private static string Configure(TemporaryFolder folder, Uri consul, bool hasten = false)
    {
        var configuration = File.ReadAllText(Path.Combine(Dashboard.Folder, "prometheus.yml"));
        Assert.Contains("127.0.0.1:8500", configuration, StringComparison.Ordinal);
        folder.Write("alerts.yml", File.ReadAllText(Path.Combine(Dashboard.Folder, "alerts.yml")));
        configuration = configuration.Replace("127.0.0.1:8500", consul.Authority, StringComparison.Ordinal);
        return folder.Write("prometheus.yml", hasten ? configuration.Replace("interval: 5s", "interval: 1s", StringComparison.Ordinal) : configuration);
    }
}
