using System.Diagnostics;
using Discovery.Testing;

namespace Discovery.Benchmarks.Harness;

/// <summary>One of <see cref="Apps.BenchmarkApp"/>, running.</summary>
internal sealed class ChildApp(AppProcess process, Uri address, double millisecondsToFirstAnswer) : IAsyncDisposable
{
    public Uri Address => address;

    public double MillisecondsToFirstAnswer => millisecondsToFirstAnswer;

    public ProcessUse Use => ProcessUse.Of(process.Id);

    public IReadOnlyDictionary<string, long> WakeUps => ProcessUse.WakeUps(process.Id);

    public static async Task<ChildApp> StartAsync(string kind, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        // The port is ours to choose, so that the first answer can be asked for until it comes.
        using var port = FreePort.Take();
        var address = new Uri($"http://127.0.0.1:{port.Number}");
        var environment = (settings ?? []).ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value);
        environment["ASPNETCORE_URLS"] = address.ToString();
        using var client = new HttpClient();
        var began = Stopwatch.GetTimestamp();
        var process = await AppProcess.StartAsync(typeof(ChildApp).Assembly.Location, environment, ["app", kind]);
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
