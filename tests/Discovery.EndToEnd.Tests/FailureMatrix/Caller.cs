using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>An app that only calls: it looks the service up, picks and calls all the time, and keeps account of what it sees.</summary>
public sealed class Caller : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan CallEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowestCall = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private volatile Phase _phase = new();
    private volatile bool _isCalling;
    private volatile IReadOnlyCollection<string> _living = [];
    private volatile IReadOnlyList<string> _others = [];

    private Caller(IHost host)
    {
        _host = host;
        Discovery = host.Services.GetRequiredService<IServiceDiscovery>();
        _http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient(Stage.Service);
        _sampling = Task.WhenAll(Task.Run(LookAsync), Task.Run(CallAsync));
    }

    public IServiceDiscovery Discovery { get; }

    /// <param name="settings">Which registries it asks.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="service">What it waits for.</param>
    /// <param name="retries">Whether it sends again what an instance has received and failed, such as one that was killed meanwhile.</param>
    public static async Task<Caller> StartAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider time, string service = Stage.Service, bool retries = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Configuration.AddInMemoryCollection(settings);
        var client = builder.Services.AddSingleton(time).AddDiscoveryClient()
            .AddHttpClient(Stage.Service, http => (http.BaseAddress, http.Timeout) = (new($"http://{Stage.Service}/"), SlowestCall));
        _ = retries ? client.AddDiscovery() : client.AddDiscoveryHandler();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        // Only a service's first caller waits: from the second on, lookups are answered from memory.
        var discovery = host.Services.GetRequiredService<IServiceDiscovery>();
        await Eventually.HoldsAsync(async () => (await discovery.GetInstancesAsync(service)).Instances.Count > 0, cancellationToken: TestContext.Current.CancellationToken);
        return new Caller(host);
    }

    /// <summary>Begins a new account; whoever is said to live is expected in each set.</summary>
    public Phase Begin(IReadOnlyCollection<string> living)
    {
        _living = living;
        var phase = _phase = new Phase();
        if (_isCalling)
        {
            phase.Begin();
        }

        return phase;
    }

    /// <summary>Looks these services up as well from now on, all of which have instances.</summary>
    public async Task WatchAsync(IReadOnlyList<string> services)
    {
        foreach (var service in services)
        {
            await Eventually.HoldsAsync(async () => (await Discovery.GetInstancesAsync(service)).Instances.Count > 0, cancellationToken: TestContext.Current.CancellationToken);
        }

        _others = services;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var phase = _phase;
            try
            {
                phase.Look(Known(Stage.Service), _living);
                Pick().Report(PickOutcome.Success);
                foreach (var other in _others)
                {
                    phase.Look(Known(other), []);
                }
            }
            catch (Exception e)
            {
                phase.Fail(e.ToString());
            }

            await Task.Delay(LookEvery, _stop.Token);
        }
    }

    private ServiceSnapshot Known(string service) => AtOnce(Discovery.GetInstancesAsync(service));

    private ServicePick Pick() => AtOnce(Discovery.PickAsync(Stage.Service));

    private static T AtOnce<T>(ValueTask<T> answer) =>
        answer.IsCompleted ? answer.GetAwaiter().GetResult() : throw new InvalidOperationException("A lookup of a service that is watched has waited.");

    private async Task CallAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _isCalling = true;
            var phase = _phase;
            phase.Begin();
            try
            {
                await _http.GetStringAsync(new Uri("whoami", UriKind.Relative), _stop.Token);
                phase.Call(null);
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                phase.Call(e.ToString());
            }

            _isCalling = false;
            await Task.Delay(CallEvery, _stop.Token);
        }
    }
}
