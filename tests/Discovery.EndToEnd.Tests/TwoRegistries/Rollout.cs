using Discovery.EndToEnd.Tests.Registries;
using Discovery.EndToEnd.Tests.RollingRestarts;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.TwoRegistries;

/// <summary>Copies of a service called <c>orders</c> and a caller of it under constant load, all of them native programs, restarted one by one with other settings.</summary>
internal sealed class Rollout : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly List<QuickStartApp> _copies = [];
    private SteadyLoad? _load;

    private Rollout(IReadOnlyDictionary<string, string?> environment) => Environment = environment;

    /// <summary>How the apps are told which registries to use.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; set; }

    public IReadOnlyList<QuickStartApp> Copies => _copies;

    public QuickStartApp Caller => _load!.Caller;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the apps and, once the caller knows all copies, the load.</summary>
    public static async Task<Rollout> StartAsync(IReadOnlyDictionary<string, string?> environment, int copies)
    {
        var rollout = new Rollout(environment);
        rollout._copies.AddRange(await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => rollout.StartCopyAsync())));
        var caller = await rollout.StartCallerAsync();
        await rollout.KnownToAsync(caller);
        rollout._load = new SteadyLoad(caller);
        return rollout;
    }

    /// <summary>Stops a copy by SIGTERM, and then starts one elsewhere in its place.</summary>
    /// <returns>How long the old one took to end.</returns>
    public async Task<TimeSpan> ReplaceAsync(int index)
    {
        var old = _copies[index];
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal(0, await old.SignalAsync(Signal.Terminate, Bound));
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        await old.DisposeAsync();
        _copies[index] = await StartCopyAsync();
        await KnownToAsync(Caller);
        return took;
    }

    /// <summary>Starts another caller, lets the calls go through that one, and stops the old one.</summary>
    public async Task ReplaceCallerAsync()
    {
        var (old, renewed) = (Caller, await StartCallerAsync());
        _load!.Caller = renewed; // at once: whoever has just started must find all copies with its first call
        await KnownToAsync(renewed);
        Assert.Equal(0, await old.SignalAsync(Signal.Terminate, Bound));
        await old.DisposeAsync();
    }

    /// <summary>Replaces everything: the first copy, the caller, and the other copies.</summary>
    public async Task ReplaceAllAsync()
    {
        await ReplaceAsync(0);
        await ReplaceCallerAsync();
        for (var i = 1; i < _copies.Count; i++)
        {
            await ReplaceAsync(i);
        }
    }

    /// <summary>Waits until the caller knows the copies that run and no others, each once.</summary>
    public Task KnownAsync() => KnownToAsync(Caller);

    /// <summary>Waits until a registry holds the copies that run; and, where it is said so, no others.</summary>
    public Task StandInAsync(RegistryUnderTest registry, bool alone) => Eventually.IsAsync(
        async () => (await registry.ListAsync("orders")).Where(instance => instance.Value == "healthy").Select(instance => instance.Key).Order(StringComparer.Ordinal).ToList(),
        ids => alone ? ids.SequenceEqual(Ids) : Ids.All(ids.Contains),
        Bound,
        Cancellation);

    /// <summary>Waits for at least so many calls, of which none may have failed.</summary>
    public async Task FinishAsync(int calls)
    {
        await Eventually.HoldsAsync(() => _load!.Calls >= calls, TimeSpan.FromSeconds(120), Cancellation);
        await _load!.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{_load.Calls} calls, {_load.Failures.Count} failed");
        Assert.Empty(_load.Failures);
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
        {
            await _load.DisposeAsync();
            await _load.Caller.DisposeAsync();
        }

        foreach (var copy in _copies)
        {
            await copy.DisposeAsync();
        }
    }

    private IEnumerable<string> Ids => _copies.Select(copy => copy.Id).Order(StringComparer.Ordinal);

    // A beat is 2 s. Without retries a call that reaches an instance and fails is seen as such.
    private async Task<QuickStartApp> StartAsync(string service) => await QuickStartApp.StartAsync(
        Environment,
        [("Discovery__Registration__ServiceName", service), ("Discovery__Registration__Ttl", "00:00:06"), ("Discovery__Client__Resilience__MaxRetries", "0")],
        [],
        await NativeQuickStart.GetAsync());

    private async Task<QuickStartApp> StartCopyAsync() => await (await StartAsync("orders")).NamedAsync();

    private Task<QuickStartApp> StartCallerAsync() => StartAsync("caller");

    private async Task KnownToAsync(QuickStartApp caller) =>
        await Eventually.IsAsync(async () => (await caller.LookAsync("orders")).Ids, ids => ids.SequenceEqual(Ids), Bound, Cancellation);
}
