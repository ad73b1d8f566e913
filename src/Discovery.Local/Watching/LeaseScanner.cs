using Discovery.Local.Files;
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
    private readonly AbandonedTemporaries _temporaries = new();
    private readonly WatchedServices _watched = new();
    private ScanSignals? _signals;
    private FileIdentity _folder;
    private int _scans;
    private bool _isNotifierLost;
    private bool _disposed;

    /// <inheritdoc cref="LeaseTable.SkippedCount"/>
    public long SkippedCount => _table.SkippedCount;

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
                _watched.Report(_table.RefreshAll(service => service == serviceName), _table);
            }
            catch
            {
                StopWhenIdle();
                throw;
            }

            return _watched.Add(serviceName, _table, End);
        }
    }

    /// <summary>The services with an instance whose owner lives, in ordinal order.</summary>
    /// <exception cref="RegistryException">The folder cannot be read.</exception>
    public IReadOnlyList<string> ListServices()
    {
        lock (_gate)
        {
            client.EnsureFolder();
            _watched.Report(_table.RefreshAll(_ => true), _table);
            return [.. _table.LivingServices().Order(StringComparer.Ordinal)];
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
            _signals.Notify(client.Directory, startNotifier, ReportNotifierLost);
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
        {
            ReportNotifierLost(failure);
        }

        _ = RunAsync(_signals);
    }

    private void ReportNotifierLost(Exception failure)
    {
        if (!Interlocked.Exchange(ref _isNotifierLost, true))
        {
            LogNotifierLost(failure);
        }
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
            _watched.Report(_table.Refresh(names, _watched.Contains), _table);
            return;
        }

        if (client.IdentifyFolder() != _folder)
        {
            throw new RegistryException($"Local {client.Directory} was replaced by another folder.");
        }

        var isFull = ++_scans % ScansPerFullScan == 0;
        if (isFull)
        {
            _temporaries.Sweep(client.List(), _table.RemoveAbandoned);
        }

        _watched.Report(_table.RefreshAll(service => isFull || _watched.Contains(service)), _table);
        _watched.Confirm();
    }

    private void End(ServiceWatch watch)
    {
        lock (_gate)
        {
            _watched.Remove(watch);
            StopWhenIdle();
        }
    }

    private void StopWhenIdle()
    {
        if (_watched.IsEmpty)
        {
            Stop();
        }
    }

    private void Lose(RegistryException failure)
    {
        _watched.Fail(failure);
        Stop();
    }

    private void Stop()
    {
        _signals?.Dispose();
        _signals = null;
    }
}
