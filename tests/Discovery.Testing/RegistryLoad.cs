using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing;

/// <summary>Registrations that beat, a lookup that goes on, and somebody who asks the registry itself what it holds; all the time.</summary>
public sealed class RegistryLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _lost = [];
    private readonly string[] _ids;
    private readonly Task _running;
    private int _beats;
    private int _failedBeats;
    private int _observations;
    private volatile IReadOnlyCollection<string> _found = [];

    private RegistryLoad(IServiceRegistry registry, string serviceName, IReadOnlyList<IServiceLease> leases, string[] ids, Func<Task<IReadOnlyCollection<string>>> observe)
    {
        _ids = ids;
        _running = Task.WhenAll([.. leases.Select(BeatAsync), LookUpAsync(registry, serviceName), ObserveAsync(observe)]);
    }

    /// <summary>What was lost: leases that the registry forgot, and instances that it did not list.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    /// <summary>The beats that succeeded.</summary>
    public int Beats => Volatile.Read(ref _beats);

    /// <summary>The beats that the registry did not answer, or refused; each is tried again.</summary>
    public int FailedBeats => Volatile.Read(ref _failedBeats);

    /// <summary>How often the registry itself was asked.</summary>
    public int Observations => Volatile.Read(ref _observations);

    /// <summary>What the lookup found last.</summary>
    public IReadOnlyCollection<string> Found => _found;

    /// <summary>Registers the instances and keeps on.</summary>
    /// <param name="registry">The registry under test.</param>
    /// <param name="instances">What it is to hold, all of one service.</param>
    /// <param name="ttl">How long they outlive their last beat.</param>
    /// <param name="observe">Asks the registry past all of our code for the IDs it holds.</param>
    public static async Task<RegistryLoad> StartAsync(
        IServiceRegistry registry, IReadOnlyList<ServiceInstance> instances, TimeSpan ttl, Func<Task<IReadOnlyCollection<string>>> observe)
    {
        var leases = await Task.WhenAll(instances.Select(instance => registry.RegisterAsync(instance, ttl, CancellationToken.None)));
        string[] ids = [.. instances.Select(instance => instance.Id)];
        await Eventually.IsAsync(observe, seen => ids.All(seen.Contains));
        return new RegistryLoad(registry, instances[0].ServiceName, leases, ids, observe);
    }

    /// <summary>Waits until every registration has beaten some more.</summary>
    public Task GoesOnAsync(int rounds = 3)
    {
        var wanted = Beats + (rounds * _ids.Length);
        return Eventually.HoldsAsync(() => Beats >= wanted, TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task BeatAsync(IServiceLease lease)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await lease.KeepAliveAsync(HealthStatus.Healthy, null, CancellationToken.None) is not LeaseStatus.Held and var status)
                {
                    _lost.Enqueue($"{lease.Description}: {status}");
                }

                Interlocked.Increment(ref _beats);
            }
            catch (RegistryException)
            {
                Interlocked.Increment(ref _failedBeats);
            }

            await Task.Delay(Pause);
        }
    }

    private async Task LookUpAsync(IServiceRegistry registry, string serviceName)
    {
        var known = new HashSet<string>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in registry.WatchAsync(serviceName, _stop.Token))
                {
                    known = change.IsComplete ? [] : known;
                    known.UnionWith(change.Upserts.Select(instance => instance.Id));
                    known.ExceptWith(change.RemovedIds);
                    _found = [.. known];
                }
            }
            catch (Exception e) when (e is RegistryException or OperationCanceledException)
            {
                await Task.Delay(Pause); // and watched again, as callers do
            }
        }
    }

    private async Task ObserveAsync(Func<Task<IReadOnlyCollection<string>>> observe)
    {
        while (!_stop.IsCancellationRequested)
        {
            var seen = await observe();
            foreach (var missing in _ids.Except(seen))
            {
                _lost.Enqueue($"{missing} is not in the registry");
            }

            Interlocked.Increment(ref _observations);
            await Task.Delay(Pause);
        }
    }
}
