using Discovery.Local.Files;
using Discovery.Local.Leases;
using Microsoft.Extensions.Logging;

namespace Discovery.Local.Watching;

/// <summary>Looks at the folder for all watches of the process: the files of watched services each second, and a changed one at once.</summary>
/// <remarks>It runs only while somebody watches.</remarks>
internal sealed partial class LeaseScanner(
    LocalClient client, TimeProvider time, ILogger logger, FolderNotifierStarter startNotifier) : IDisposable
{
    // All files, so that what dead owners of unwatched services have left is removed by somebody.
    private const int ScansPerFullScan = 60;

    private readonly Lock _gate = new();
    private readonly LeaseTable _table = new(client, time, logger);
    private readonly AbandonedTemporaries _temporaries = new(client);
    private readonly Dictionary<string, WatchedService> _watched = [];
    private ScanSignals? _signals;
    private FileIdentity _folder;
    private int _scans;
    private bool _disposed;

    /// <summary>Starts a watch, whose first set is complete.</summary>
    /// <exception cref="RegistryException">The folder cannot be read.</exception>
    public ServiceWatch Watch(string serviceName)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Start();
            try
            {
                Look(Files().Where(file => file.Service == serviceName));
            }
            catch
            {
                StopWhenIdle();
                throw;
            }

            if (!_watched.TryGetValue(serviceName, out var service))
            {
                _watched[serviceName] = service = new() { Living = _table.Living(serviceName) };
            }

            var watch = new ServiceWatch(serviceName, service.Living, End);
            service.Watches.Add(watch);
            return watch;
        }
    }

    /// <summary>The services with an instance whose owner lives, in ordinal order.</summary>
    /// <exception cref="RegistryException">The folder cannot be read.</exception>
    public IReadOnlyList<string> ListServices()
    {
        lock (_gate)
        {
            client.EnsureFolder();
            Look(Files());
            return [.. _table.Services.Where(service => _table.Living(service).Count > 0).Order(StringComparer.Ordinal)];
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Lose(new RegistryException(RegistryErrorKind.Unavailable, $"Local {client.Directory} was disposed."));
        }
    }

    private void Start()
    {
        if (_signals is not null)
        {
            return;
        }

        _folder = client.EnsureFolder();
        _signals = new(time);
        try
        {
            // Before the first look, so that nothing is missed in between.
            _signals.Notify(client.Directory, startNotifier, LogNotifierLost);
        }
        catch (IOException failure)
        {
            LogNotifierLost(failure);
        }

        _ = RunAsync(_signals);
    }

    private async Task RunAsync(ScanSignals signals)
    {
        var names = new HashSet<string>();
        while (await signals.WaitAsync(names).ConfigureAwait(false) is { } everything)
        {
            lock (_gate)
            {
                if (_signals != signals)
                {
                    return;
                }

                try
                {
                    Scan(everything, names);
                }
                catch (Exception failure)
                {
                    // Whatever it is: nobody looks any more, and those who watch must know.
                    Lose(failure as RegistryException ?? new($"Local {client.Directory} cannot be watched: {failure.Message}", failure));
                    return;
                }
            }

            names.Clear();
        }
    }

    private void Scan(bool everything, HashSet<string> names)
    {
        if (!everything)
        {
            Look(Leases(names).Where(file => _watched.ContainsKey(file.Service)));
            return;
        }

        if (client.IdentifyFolder() != _folder)
        {
            throw new RegistryException($"Local {client.Directory} was replaced by another folder.");
        }

        var isFull = ++_scans % ScansPerFullScan == 0;
        if (isFull)
        {
            _temporaries.Sweep(client.List());
        }

        Look(Files().Where(file => isFull || _watched.ContainsKey(file.Service)));
        foreach (var service in _watched.Values)
        {
            service.Report();
        }
    }

    /// <summary>The files of leases that are there, and those that were: a list read while files are replaced may lack some.</summary>
    private IEnumerable<(string Service, string Name)> Files()
    {
        var names = client.List();
        return Leases(names.Union(_table.Services.SelectMany(_table.NamesOf)).ToList());
    }

    private void Look(IEnumerable<(string Service, string Name)> files)
    {
        var changed = new HashSet<string>();
        foreach (var (service, name) in files)
        {
            if (_table.Refresh(service, name))
            {
                changed.Add(service);
            }
        }

        foreach (var name in changed)
        {
            if (_watched.TryGetValue(name, out var service))
            {
                service.Living = _table.Living(name);
                service.Report();
            }
        }
    }

    private static IEnumerable<(string Service, string Name)> Leases(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (LeaseFileName.TryGetServiceName(name, out var service))
            {
                yield return (service, name);
            }
        }
    }

    private void End(ServiceWatch watch)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue(watch.ServiceName, out var service) && service.Watches.Remove(watch) && service.Watches.Count == 0)
            {
                _watched.Remove(watch.ServiceName);
            }

            StopWhenIdle();
        }
    }

    private void StopWhenIdle()
    {
        if (_watched.Count == 0)
        {
            Stop();
        }
    }

    private void Lose(RegistryException failure)
    {
        foreach (var watch in _watched.Values.SelectMany(service => service.Watches))
        {
            watch.Fail(failure);
        }

        _watched.Clear();
        Stop();
    }

    private void Stop()
    {
        _signals?.Dispose();
        _signals = null;
    }
}
