using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests;

/// <summary>A copy of the QuickStart example, run as a user would run it.</summary>
public sealed class QuickStartApp : IAsyncDisposable
{
    internal static readonly DirectoryInfo Output = new(AppContext.BaseDirectory); // tests/Discovery.EndToEnd.Tests/bin/{configuration}/net10.0

    /// <summary>The built example, of the configuration that these tests were built in.</summary>
    public static readonly string Assembly = Path.Combine(
        RepositoryFiles.Root, "examples", "QuickStart", "bin", Output.Parent!.Name, Output.Name, "QuickStart.dll");

    private readonly AppProcess _process;

    private QuickStartApp(AppProcess process, Uri url)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Http { get; }

    public AppProcess Process => _process;

    public string Id { get; private set; } = "";

    /// <summary>Starts a copy and waits until it answers, which does not wait for it to be registered.</summary>
    public static Task<QuickStartApp> StartAsync(RegistryUnderTest registry, params (string Name, string? Value)[] settings) =>
        StartAsync(registry, settings, within: []);

    /// <inheritdoc cref="StartAsync(RegistryUnderTest, ValueTuple{string, string}[])"/>
    /// <param name="registry">Where it registers.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="within">A program that runs it; see <see cref="AppProcess.StartAsync"/>.</param>
    /// <param name="program">What is run: <see cref="Assembly"/>, or another build of the example.</param>
    public static Task<QuickStartApp> StartAsync(
        RegistryUnderTest registry, IEnumerable<(string Name, string? Value)> settings, IReadOnlyList<string> within, string? program = null) =>
        StartAsync(registry.Environment, settings, within, program);

    /// <inheritdoc cref="StartAsync(RegistryUnderTest, IEnumerable{ValueTuple{string, string}}, IReadOnlyList{string}, string)"/>
    /// <param name="registries">The environment variables that make it use some registries.</param>
    /// <param name="settings">Further ones.</param>
    /// <param name="within">A program that runs it; see <see cref="AppProcess.StartAsync"/>.</param>
    /// <param name="program">What is run: <see cref="Assembly"/>, or another build of the example.</param>
    public static async Task<QuickStartApp> StartAsync(
        IReadOnlyDictionary<string, string?> registries, IEnumerable<(string Name, string? Value)> settings, IReadOnlyList<string> within, string? program = null)
    {
        var environment = new Dictionary<string, string?>(registries)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Discovery__Client__CacheDirectory"] = "",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var process = await AppProcess.StartAsync(program ?? Assembly, environment, within: within);
        var listening = await process.WaitForLineAsync(@"Now listening on: (http://127\.0\.0\.1:\d+)", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return new QuickStartApp(process, new Uri(listening.Groups[1].Value));
    }

    /// <summary>Waits until it is registered, and knows it: the registry has it before its answer has come, and what happens in between happens to an app that is not registered yet.</summary>
    public async Task<QuickStartApp> RegisteredAsync(RegistryUnderTest registry, TimeSpan? bound = null, string service = "quickstart")
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                var me = await GetAsync("/whoami");
                Id = me.GetProperty("id").GetString() ?? "";
                return Id.Length > 0 && (await registry.ListAsync(service)).ContainsKey(Id);
            },
            bound,
            TestContext.Current.CancellationToken);
        await _process.WaitForLineAsync($"{Regex.Escape(Id)} is registered in ", bound, TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Waits until it knows what it is called, which it does with its first attempt to register.</summary>
    public async Task<QuickStartApp> NamedAsync()
    {
        Id = await Eventually.IsAsync(
            async () => (await GetAsync("/whoami")).GetProperty("id").GetString() ?? "", id => id.Length > 0, cancellationToken: TestContext.Current.CancellationToken);
        return this;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async Task SimulateAsync(string health)
    {
        using var answer = await Http.PostAsync(new Uri($"/simulate/{health}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>The instances of a service as this copy sees them, by ID.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> InstancesAsync(string service = "quickstart") =>
        (await GetAsync($"/instances/{service}")).EnumerateArray().ToDictionary(instance => instance.GetProperty("id").GetString()!);

    /// <summary>What this copy knows of a service, and whence.</summary>
    public async Task<(string Source, double Age, IReadOnlyList<string> Ids)> LookAsync(string service = "quickstart")
    {
        using var answer = await Http.GetAsync(new Uri($"/instances/{service}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var instances = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (
            answer.Headers.GetValues("X-Discovery-Source").Single(),
            double.Parse(answer.Headers.GetValues("X-Discovery-Age-Seconds").Single(), CultureInfo.InvariantCulture),
            [.. instances.RootElement.EnumerateArray().Select(instance => instance.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)]);
    }

    /// <summary>How many of its registrations are in a state, as its metrics say.</summary>
    public Task<int> CountInStateAsync(string state) => ReadMetricAsync($"discovery_registrations\\{{[^}}]*discovery_state=\"{state}\"[^}}]*\\}}");

    /// <summary>How often a registry had forgotten its registration, as its metrics say.</summary>
    public Task<int> CountReregistrationsAsync() => ReadMetricAsync(@"discovery_registration_reregistrations_total\{[^}]*\}");

    /// <summary>How many beats it has sent, as its metrics say.</summary>
    public Task<int> CountBeatsAsync() => ReadMetricAsync(@"discovery_registration_beat_duration_seconds_count\{[^}]*\}", sum: true);

    /// <summary>How many of its calls to registries have failed, as its metrics say.</summary>
    public Task<int> CountFailedCallsAsync() => ReadMetricAsync(@"discovery_registry_call_duration_seconds_count\{[^}]*error_type=[^}]*\}", sum: true);

    /// <summary>How often it has given an instance of a service no calls for a time, as its metrics say.</summary>
    public Task<int> CountEjectionsAsync(string service) => ReadMetricAsync($"discovery_instance_ejections_total\\{{[^}}]*discovery_service=\"{service}\"[^}}]*\\}}", sum: true);

    public Task<int> SignalAsync(Signal signal, TimeSpan? bound = null)
    {
        _process.Send(signal);
        return _process.WaitForExitAsync(bound, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    /// <param name="series">The name and labels, as a pattern.</param>
    /// <param name="sum">Whether there may be any number of such series, whose sum is meant; else there is one.</param>
    private async Task<int> ReadMetricAsync(string series, bool sum = false)
    {
        var metrics = await Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var lines = Regex.Matches(metrics, $@"^{series} (\d+)", RegexOptions.Multiline);
        Assert.True(sum || lines.Count == 1, metrics);
        return lines.Sum(line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture));
    }
}
