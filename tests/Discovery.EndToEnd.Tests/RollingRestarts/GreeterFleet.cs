using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>Copies of the example's gRPC service <c>greeter</c>, each a process of its own, and a caller in this one.</summary>
internal sealed class GreeterFleet : IAsyncDisposable
{
    private static readonly string Assembly = QuickStartApp.Assembly.Replace("QuickStart.dll", "GrpcGreeter.Service.dll", StringComparison.Ordinal)
        .Replace(Path.Combine("examples", "QuickStart"), Path.Combine("examples", "GrpcGreeter", "Service"), StringComparison.Ordinal);

    private readonly RegistryUnderTest _registry;
    private readonly CopyAddresses _addresses = new();
    private readonly List<(AppProcess Process, string Url)> _copies = [];

    private GreeterFleet(RegistryUnderTest registry)
    {
        _registry = registry;
        Caller = new(registry);
    }

    public GreeterCaller Caller { get; }

    /// <summary>The processes of the copies that run.</summary>
    public IEnumerable<int> ProcessIds => _copies.Select(copy => copy.Process.Id);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<GreeterFleet> StartAsync(RegistryUnderTest registry)
    {
        var fleet = new GreeterFleet(registry);
        fleet._copies.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => fleet.StartCopyAsync(fleet._addresses.Take()))));
        await fleet.Caller.KnowsAsync(3);
        return fleet;
    }

    /// <summary>Tells each copy to stop, one after the other, and starts another in its place once it has.</summary>
    /// <param name="samePort">Whether it comes back where it was.</param>
    /// <param name="served">Waits until the process of such an ID takes part.</param>
    public async Task RestartAllAsync(bool samePort, Func<int, Task> served)
    {
        for (var i = 0; i < _copies.Count; i++)
        {
            var (old, url) = _copies[i];
            Assert.Equal(0, await old.StopAsync(TimeSpan.FromSeconds(60), Cancellation));
            await old.DisposeAsync();
            _copies[i] = await StartCopyAsync(samePort ? url : _addresses.Take());
            await Caller.KnowsAsync(_copies.Count);
            await served(_copies[i].Process.Id);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Caller.DisposeAsync();
        foreach (var (process, _) in _copies)
        {
            await process.DisposeAsync();
        }

        _addresses.Dispose();
    }

    private async Task<(AppProcess Process, string Url)> StartCopyAsync(string url)
    {
        var process = await AppProcess.StartAsync(Assembly, new Dictionary<string, string?>(_registry.Environment)
        {
            ["ASPNETCORE_URLS"] = url,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Discovery__Client__CacheDirectory"] = "",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
        });
        await process.WaitForLineAsync("Now listening on: ", TimeSpan.FromSeconds(60), Cancellation);
        return (process, url);
    }
}
