using System.Diagnostics;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.Benchmarks.Restarts;

/// <summary>Copies of the QuickStart example that are the service <c>orders</c>, each a process of its own with default settings.</summary>
internal sealed class Fleet(Registry registry) : IAsyncDisposable
{
    private static readonly string Assembly = Path.Combine(RepositoryFiles.Root, "examples", "QuickStart", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "QuickStart.dll");
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly List<Copy> _copies = [];

    public IReadOnlyList<Copy> Copies => _copies;

    public async Task StartAsync(int count) => _copies.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartCopyAsync("http://127.0.0.1:0"))));

    /// <summary>Ends a copy as an orchestrator or a crash does, and waits until it has ended.</summary>
    public async Task EndAsync(int index, Signal signal)
    {
        _copies[index].Process.Send(signal);
        await _copies[index].Process.WaitForExitAsync(Bound);
        await _copies[index].Process.DisposeAsync();
    }

    /// <summary>Starts a copy in the place of one that has ended.</summary>
    public async Task ReplaceAsync(int index, bool samePort) =>
        _copies[index] = await StartCopyAsync(samePort ? _copies[index].Address.GetLeftPart(UriPartial.Authority) : "http://127.0.0.1:0");

    public async ValueTask DisposeAsync()
    {
        foreach (var copy in _copies)
        {
            await copy.Process.DisposeAsync();
        }
    }

    private async Task<Copy> StartCopyAsync(string url)
    {
        var environment = registry.Settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment["ASPNETCORE_URLS"] = url;
        environment["Discovery__Registration__ServiceName"] = "orders";
        environment["Discovery__Client__CacheDirectory"] = "";
        var startedAt = Stopwatch.GetTimestamp();
        var process = await AppProcess.StartAsync(Assembly, environment);
        var listening = await process.WaitForLineAsync(@"Now listening on: (http://127\.0\.0\.1:\d+)", Bound);
        return new(process, new(listening.Groups[1].Value), startedAt, Stopwatch.GetTimestamp());
    }

    /// <summary>A copy, and when it was started and began to listen.</summary>
    internal sealed record Copy(AppProcess Process, Uri Address, long StartedAt, long ListeningAt);
}
