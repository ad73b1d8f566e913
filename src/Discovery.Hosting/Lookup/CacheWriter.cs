using System.Collections.Concurrent;

namespace Discovery.Hosting.Lookup;

/// <summary>Writes behind: a set that changes is remembered a second later, as it is then.</summary>
internal sealed class CacheWriter : IDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly DiskCache _disk;
    private readonly ITimer _timer;
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<ServiceWatch, byte> _changed = [];
    private int _armed;

    public CacheWriter(DiskCache disk, TimeProvider time)
    {
        _disk = disk;
        _timer = time.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CachedSet? Load(string registry, string serviceName) => _disk.Load(registry, serviceName);

    public void Remember(ServiceWatch watch)
    {
        _changed[watch] = 0;
        if (Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _timer.Change(Delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Writes what is to be written, now.</summary>
    public void Flush()
    {
        lock (_writing)
        {
            Volatile.Write(ref _armed, 0);
            foreach (var (watch, _) in _changed)
            {
                _changed.TryRemove(watch, out byte _);
                foreach (var set in watch.ToRemember())
                {
                    _disk.Save(set);
                }
            }
        }
    }

    public void Dispose() => _timer.Dispose();
}
