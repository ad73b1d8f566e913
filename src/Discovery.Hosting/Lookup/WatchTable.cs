using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Discovery.Hosting.Lookup;

/// <summary>The watches of a process by service, those in use and those that lately were.</summary>
/// <remarks>
/// Time is counted in turns: one begins with each new watch and with each sweep. A watch notes the turn it was last asked in, which
/// is enough to tell the least recently used and the idle ones, and costs a caller no clock and next to no write.
/// </remarks>
internal sealed class WatchTable : IAsyncDisposable, IDisposable
{
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    // A set that never changes must not look old on disk: a day is the limit there.
    private static readonly int SweepsPerRefresh = (int)(TimeSpan.FromHours(1) / SweepInterval);

    private readonly ConcurrentDictionary<string, ServiceWatch> _watches = new(StringComparer.Ordinal);
    private readonly WatchSlots _slots = new();
    private readonly Dictionary<string, (long Turn, int Sweeps)> _idle = new(StringComparer.Ordinal);
    private readonly ServiceRegistries _registries;
    private readonly WatchDependencies _with;
    private readonly Lock _gate = new();
    private readonly ITimer _sweeper;
    private readonly IDisposable _reconfiguring;
    private long _turn;
    private int _sweeps = 1;
    private bool _disposed;

    public WatchTable(ServiceRegistries registries, WatchDependencies with)
    {
        _registries = registries;
        _with = with;
        _sweeper = with.Time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        _reconfiguring = with.Options.OnChange(_ => Reconfigure());
    }

    public IEnumerable<ServiceWatch> Watches => _watches.Values;

    /// <summary>The watch of a service whose name is written as services are, if there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ServiceWatch? watch)
    {
        watch = _slots.Find(name);
        if (watch is null && !_watches.TryGetValue(name, out watch))
        {
            return false;
        }

        watch.Use.Note(_turn);
        return true;
    }

    /// <exception cref="ArgumentException">The name is not a service name.</exception>
    /// <exception cref="ObjectDisposedException">The app has ended.</exception>
    public ServiceWatch GetOrAdd(string serviceName)
    {
        if (TryGet(serviceName, out var watch))
        {
            return watch;
        }

        var name = ServiceName.Normalize(serviceName);
        if (TryGet(name, out watch))
        {
            return watch;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!TryGet(name, out watch))
            {
                watch = Add(name);
            }
        }

        return watch;
    }

    /// <summary>A watch that is kept until it is released.</summary>
    public ServiceWatch Hold(string serviceName)
    {
        ServiceWatch watch;
        do
        {
            watch = GetOrAdd(serviceName);
        }
        while (!watch.Use.TryHold());

        return watch;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _reconfiguring.Dispose();
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        foreach (var watch in _watches.Values)
        {
            _with.Cache.Remember(watch);
        }

        _with.Cache.Flush();
        await Task.WhenAll(_watches.Values.Select(watch => watch.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>For containers that are disposed of synchronously, which refuse what can only be awaited.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private ServiceWatch Add(string name)
    {
        var excess = _watches.Count + 1 - _with.Options.Current.MaxWatchedServices;
        foreach (var idle in _watches.Values.OrderBy(watch => watch.Use.LastTurn).TakeWhile(_ => excess > 0))
        {
            excess -= TryEvict(idle) ? 1 : 0;
        }

        // What many watches have in common is kept by them alone, so that the registries are created when the first service is looked up.
        var watch = new ServiceWatch(name, _registries.InUse, _with);
        watch.Use.Note(_turn++);
        _watches[name] = watch;
        _slots.Add(watch);
        watch.Start();
        return watch;
    }

    private void Sweep()
    {
        lock (_gate)
        {
            foreach (var (name, watch) in _watches)
            {
                _idle.TryGetValue(name, out var seen);
                _idle[name] = seen = seen.Turn == watch.Use.LastTurn && !watch.Use.IsHeld ? seen with { Sweeps = seen.Sweeps + 1 } : (watch.Use.LastTurn, 0);
                var isLetGo = seen.Sweeps * SweepInterval >= IdleTime && TryEvict(watch);
                if (!isLetGo && _sweeps % SweepsPerRefresh == 0)
                {
                    _with.Cache.Remember(watch);
                }
            }

            _sweeps++;
            _turn++;
        }
    }

    private bool TryEvict(ServiceWatch watch)
    {
        if (!watch.Use.TryEvict())
        {
            return false;
        }

        _watches.TryRemove(watch.ServiceName, out _);
        _slots.Remove(watch);
        _idle.Remove(watch.ServiceName);
        _with.Observer.WatchEvicted(watch.ServiceName);
        _ = watch.DisposeAsync().AsTask();
        return true;
    }

    private void Reconfigure()
    {
        foreach (var watch in _watches.Values)
        {
            watch.Reconfigure();
        }
    }
}
