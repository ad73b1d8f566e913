using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.Benchmarks.Restarts;

/// <summary>
/// Microsoft.Extensions.ServiceDiscovery fed by Consul, as a team writes it that has no provider for it: one blocking query after the other, each
/// change a change token. It asks for passing instances, of which Consul takes out what its check has found dead.
/// </summary>
internal sealed class ConsulWatch : IServiceEndpointProviderFactory, IServiceEndpointProvider
{
    private readonly HttpClient _consul;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;
    private volatile IReadOnlyList<ServiceEndpoint> _endpoints = [];
    private CancellationTokenSource _changed = new();

    public ConsulWatch(Uri consul, string service)
    {
        _consul = new() { BaseAddress = consul, Timeout = TimeSpan.FromMinutes(6) };
        _watching = Task.Run(() => WatchAsync(service));
    }

    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = this;
        return true;
    }

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        await _first.Task.WaitAsync(cancellationToken);
        endpoints.AddChangeToken(new CancellationChangeToken(Volatile.Read(ref _changed).Token));
        foreach (var endpoint in _endpoints)
        {
            endpoints.Endpoints.Add(endpoint);
        }
    }

    /// <summary>The resolver lets go of a provider that was idle, and comes back; the watch goes on until <see cref="StopAsync"/>.</summary>
    public ValueTask DisposeAsync() => default;

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _consul.Dispose();
        _stopping.Dispose();
    }

    private async Task WatchAsync(string service)
    {
        var index = "0";
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var answer = await _consul.GetAsync(new Uri($"/v1/health/service/{service}?passing&wait=60s&index={index}", UriKind.Relative), _stopping.Token);
                answer.EnsureSuccessStatusCode();
                index = answer.Headers.GetValues("X-Consul-Index").Single();
                using var list = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(_stopping.Token), default, _stopping.Token);
                _endpoints = [.. list.RootElement.EnumerateArray().Select(entry => entry.GetProperty("Service")).Select(found =>
                    ServiceEndpoint.Create(new IPEndPoint(IPAddress.Parse(found.GetProperty("Address").GetString()!), found.GetProperty("Port").GetInt32())))];
                _first.TrySetResult();
                await Interlocked.Exchange(ref _changed, new()).CancelAsync();
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                index = "0";
                await Task.Delay(TimeSpan.FromSeconds(1), _stopping.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }
}
