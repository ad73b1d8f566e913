using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>Copies of a service called <c>orders</c> and one caller of it, each a process of its own; the copies are native programs, but for those in Local.</summary>
internal sealed class OrdersFleet : IAsyncDisposable
{
    private readonly RegistryUnderTest _registry;
    private readonly CopyAddresses _addresses = new();
    private readonly string _program;
    private readonly List<QuickStartApp> _copies = [];

    private OrdersFleet(RegistryUnderTest registry, string program, QuickStartApp caller)
    {
        _registry = registry;
        _program = program;
        Caller = caller;
    }

    public QuickStartApp Caller { get; }

    public IReadOnlyList<QuickStartApp> Copies => _copies;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="registry">Where all of them register.</param>
    /// <param name="copies">How many copies there are at first; the caller knows them all when this returns.</param>
    /// <param name="retries">Whether the caller sends a call again that an instance has received and failed.</param>
    public static async Task<OrdersFleet> StartAsync(RegistryUnderTest registry, int copies, bool retries)
    {
        (string, string?)[] settings = [("Discovery__Registration__ServiceName", "caller"), .. retries ? [] : new (string, string?)[] { ("Discovery__Client__Resilience__MaxRetries", "0") }];
        var program = registry is LocalUnderTest ? QuickStartApp.Assembly : await NativeQuickStart.GetAsync();
        var fleet = new OrdersFleet(registry, program, await QuickStartApp.StartAsync(registry, settings));
        await fleet.GrowAsync(copies);
        return fleet;
    }

    /// <summary>Starts further copies, a few at a time, and waits until the caller knows them.</summary>
    public async Task GrowAsync(int count)
    {
        var wanted = _copies.Count + count;
        foreach (var some in Enumerable.Range(0, count).Chunk(3))
        {
            _copies.AddRange(await Task.WhenAll(some.Select(_ => StartCopyAsync(_addresses.Take()))));
        }

        await KnownAsync(wanted);
    }

    /// <summary>Tells copies to stop, all at once, and waits until they have.</summary>
    public async Task ShrinkAsync(int count)
    {
        var leaving = _copies[^count..];
        _copies.RemoveRange(_copies.Count - count, count);
        var exits = await Task.WhenAll(leaving.Select(copy => copy.SignalAsync(Signal.Terminate, TimeSpan.FromSeconds(60))));
        Assert.All(exits, code => Assert.Equal(0, code));
        await DisposeAsync(leaving);
        await KnownAsync(_copies.Count);
    }

    /// <summary>Ends a copy and starts one in its place.</summary>
    /// <param name="index">Which.</param>
    /// <param name="signal">SIGTERM, or SIGKILL for a crash.</param>
    /// <param name="samePort">Whether it comes back where it was.</param>
    /// <returns>The new copy, which answers; it may not be registered yet.</returns>
    public async Task<QuickStartApp> ReplaceAsync(int index, Signal signal, bool samePort)
    {
        var old = _copies[index];
        var url = samePort ? old.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) : _addresses.Take();
        Assert.Equal(signal is Signal.Kill ? 137 : 0, await old.SignalAsync(signal, TimeSpan.FromSeconds(60)));
        await old.DisposeAsync();
        return _copies[index] = await StartCopyAsync(url);
    }

    /// <summary>Replaces each copy in turn, as soon as the one before answers calls; none of at least 1,000 calls may fail.</summary>
    /// <param name="load">The calls.</param>
    /// <param name="samePort">Whether each comes back where it was.</param>
    public async Task ReplaceEachAsync(SteadyLoad load, bool samePort)
    {
        for (var i = 0; i < _copies.Count; i++)
        {
            var copy = await ReplaceAsync(i, Signal.Terminate, samePort);
            await KnownAsync(_copies.Count);
            await Eventually.HoldsAsync(() => load.AnswersOf(copy.Process.Id) > 0 || !load.Failures.IsEmpty, TimeSpan.FromSeconds(60), Cancellation);
        }

        await Eventually.HoldsAsync(() => load.Calls >= 1000, TimeSpan.FromSeconds(60), Cancellation);
        await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Calls} calls, {load.Failures.Count} failed");
        Assert.Empty(load.Failures);
    }

    /// <summary>Waits until the caller knows so many copies, live.</summary>
    public Task KnownAsync(int count) =>
        Eventually.IsAsync(() => Caller.LookAsync("orders"), known => known.Source == "live" && known.Ids.Count == count, TimeSpan.FromSeconds(60), Cancellation);

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync([Caller, .. _copies]);
        _addresses.Dispose();
    }

    private Task<QuickStartApp> StartCopyAsync(string url) =>
        QuickStartApp.StartAsync(_registry, [("Discovery__Registration__ServiceName", "orders"), ("ASPNETCORE_URLS", url)], [], _program);

    private static async Task DisposeAsync(IEnumerable<QuickStartApp> apps)
    {
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }
    }
}
