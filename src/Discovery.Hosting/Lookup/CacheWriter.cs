using System.Collections.Concurrent;

namespace Discovery.Hosting.Lookup;

/// <summary>Writes behind: a set that changes is remembered a second later, as it is then, or as soon as the disk takes it.</summary>
internal sealed class CacheWriter : IDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>How soon a disk that failed is tried again: soon enough for the next restart, and too rarely to burden a full one.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

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
        if (!_disk.IsOn)
        {
            return; // to gather thousands of instances each second for nobody is not nothing
        }

        _changed[watch] = 0;
        Arm(Delay);
    }

    /// <summary>Writes what is to be written, now.</summary>
    public void Flush()
    {
        lock (_writing)
        {
            Volatile.Write(ref _armed, 0);
            var anyFailed = false;
            foreach (var (watch, _) in _changed)
            {
                _changed.TryRemove(watch, out byte _);
                var failed = false;
                foreach (var set in watch.ToRemember())
                {
                    failed |= !_disk.Save(set);
                }

                if (failed)
                {
                    _changed[watch] = 0;
                    anyFailed = true;
                }
            }

            if (anyFailed)
            {
                Arm(RetryDelay);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Arm(TimeSpan delay)
    {
        if (Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }
}
