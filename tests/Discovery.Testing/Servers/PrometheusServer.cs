using System.Text.Json;
using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>A real Prometheus with a configuration of the test's own.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan PromtoolBound = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly FreePort _port = FreePort.Take();
    private readonly ServerRun _run;
    private readonly HttpClient _http;

    private PrometheusServer(string configurationFile)
    {
        _run = new ServerRun(
            ServerProgram.Prometheus(),
            [
                "--config.file", configurationFile,
                "--storage.tsdb.path", _folder.Combine("data"),
                "--web.listen-address", $"127.0.0.1:{_port.Number}",
            ],
            _folder,
            IsReadyAsync);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port.Number}") };
    }

    /// <summary>Starts it and waits until it answers; skips the test where there is no Prometheus that knows Consul on this machine.</summary>
    /// <param name="configurationFile">Its configuration; the paths in it are relative to it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static Task<PrometheusServer> StartAsync(string configurationFile, CancellationToken cancellationToken = default) =>
        ServerRun.StartAsync(() => new PrometheusServer(configurationFile), server => server._run.StartAsync(cancellationToken));

    /// <summary>Runs promtool, and returns what it said.</summary>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    public static async Task<string> PromtoolAsync(params IReadOnlyList<string> arguments)
    {
        await using var process = await ChildProcess.StartAsync(ServerProgram.Promtool(), arguments, new Dictionary<string, string?>());
        var code = await process.WaitForExitAsync(PromtoolBound);
        await process.OutputEnded.WaitAsync(PromtoolBound);
        return code == 0 ? process.Output.Tail() : throw new InvalidOperationException($"promtool ended with {code}:\n{process.Output.Tail()}");
    }

    /// <summary>Asks for the value of an expression now.</summary>
    /// <returns>Each series with its labels and its value; a value is not a number where the expression has none for it.</returns>
    public async Task<IReadOnlyList<(JsonElement Labels, double Value)>> QueryAsync(string expression, CancellationToken cancellationToken = default)
    {
        var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}", cancellationToken);
        return [.. answer.GetProperty("result").EnumerateArray().Select(series => (
            series.GetProperty("metric"), double.Parse(series.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture)))];
    }

    /// <summary>The names of all metrics it has seen.</summary>
    public async Task<IReadOnlySet<string>> GetMetricNamesAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("/api/v1/label/__name__/values", cancellationToken)).EnumerateArray().Select(name => name.GetString()!).ToHashSet();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _http.Dispose();
        _port.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"Prometheus says {(int)answer.StatusCode} to {path}: {text}");
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("data").Clone();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var ready = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative), cancellationToken);
            return ready.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
