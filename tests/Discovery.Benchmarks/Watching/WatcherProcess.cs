using System.Globalization;
using Discovery.Testing;

namespace Discovery.Benchmarks.Watching;

/// <summary>A <see cref="ChurnWatcher"/>, running, whose traffic is counted.</summary>
internal sealed class WatcherProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly AppProcess _process;
    private readonly TcpProxy _proxy;

    private WatcherProcess(string name, AppProcess process, TcpProxy proxy) => (Name, _process, _proxy) = (name, process, proxy);

    public string Name { get; }

    /// <summary>Bytes that the registry has sent it.</summary>
    public long Received => _proxy.ServerBytes;

    /// <param name="name">What the table calls it.</param>
    /// <param name="kind">Of <see cref="ChurnWatcher"/>.</param>
    /// <param name="registry">The registry's address.</param>
    public static async Task<WatcherProcess> StartAsync(string name, string kind, Uri registry)
    {
        var proxy = TcpProxy.Start(registry);
        return new(name, await AppProcess.StartAsync(typeof(WatcherProcess).Assembly.Location, arguments: [ChurnWatcher.Verb, kind, proxy.Address.ToString()]), proxy);
    }

    /// <summary>What it says next of itself.</summary>
    public async Task<WatcherUse> NextUseAsync()
    {
        var known = Uses().Count;
        var uses = await Eventually.IsAsync(Uses, now => now.Count > known, Patience, CancellationToken.None, $"another line of {Name}");
        return uses[^1];
    }

    /// <summary>Ends it.</summary>
    /// <returns>The newest version that it knew; null where it is of a kind that keeps nothing.</returns>
    public async Task<int?> EndAsync()
    {
        await _process.StopAsync(Patience);
        return int.TryParse((await _process.WaitForLineAsync("^knows (.*)$")).Groups[1].Value, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    private List<WatcherUse> Uses() => [.. _process.Output.Lines.Select(WatcherUse.Parse).OfType<WatcherUse>()];
}
