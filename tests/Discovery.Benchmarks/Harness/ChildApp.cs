using System.Diagnostics;
using Discovery.Testing;

namespace Discovery.Benchmarks.Harness;

/// <summary>A Discovery.Benchmarks.App, running.</summary>
internal sealed class ChildApp(AppProcess process, Uri address, double millisecondsToFirstAnswer) : IAsyncDisposable
{
    /// <summary>Its project, in the repository.</summary>
    public const string Project = "tests/Discovery.Benchmarks.App";

    /// <summary>The program as it is built, which is compiled as it runs.</summary>
    public static string Assembly { get; } = Path.Combine(RepositoryFiles.Root, Project, "bin/Release/net10.0/Discovery.Benchmarks.App.dll");

    public Uri Address => address;

    public double MillisecondsToFirstAnswer => millisecondsToFirstAnswer;

    public ProcessUse Use => ProcessUse.Of(process.Id);

    public IReadOnlyDictionary<string, long> WakeUps => ProcessUse.WakeUps(process.Id);

    /// <summary>Starts one.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="settings">Its configuration.</param>
    /// <param name="program">A native program to run in the place of <see cref="Assembly"/>.</param>
    public static async Task<ChildApp> StartAsync(string kind, IEnumerable<KeyValuePair<string, string?>>? settings = null, string? program = null)
    {
        // The port is ours to choose, so that the first answer can be asked for until it comes.
        using var port = FreePort.Take();
        var address = new Uri($"http://127.0.0.1:{port.Number}");
        var environment = (settings ?? []).ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value);
        environment["ASPNETCORE_URLS"] = address.ToString();
        using var client = new HttpClient();
        var began = Stopwatch.GetTimestamp();
        var process = await AppProcess.StartAsync(program ?? Assembly, environment, [kind]);
        while (process.IsRunning)
        {
            try
            {
                using var answer = await client.GetAsync(address);
                var taken = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                await process.WaitForLineAsync("ready", TimeSpan.FromMinutes(1));
                return new(process, address, taken);
            }
            catch (HttpRequestException)
            {
                // Not bound yet.
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        }

        throw new InvalidOperationException($"The app has ended: {process.Output}");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
