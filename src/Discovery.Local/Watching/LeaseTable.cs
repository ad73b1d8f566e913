using Discovery.Local.Files;
using Discovery.Local.Leases;
using Discovery.Security;
using Microsoft.Extensions.Logging;

namespace Discovery.Local.Watching;

/// <summary>What is known of the files in the folder. Not safe for concurrent use.</summary>
internal sealed partial class LeaseTable(LocalClient client, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, Dictionary<string, LeaseEntry>> _services = [];
    private HashSet<string> _changed = []; // and not reported yet
    private long _skipped;

    /// <summary>How many files have turned out not to hold a lease, or not to be trusted. Safe to ask at any time.</summary>
    public long SkippedCount => Interlocked.Read(ref _skipped);

    /// <summary>The services with an instance whose owner lives.</summary>
    public IEnumerable<string> LivingServices() =>
        from service in _services where service.Value.Values.Any(entry => entry.Visible is not null) select service.Key;

    /// <summary>The instances of a service whose owners live, by ID.</summary>
    public Dictionary<string, ServiceInstance> Living(string serviceName)
    {
        var living = new Dictionary<string, ServiceInstance>();
        if (_services.TryGetValue(serviceName, out var entries))
        {
            foreach (var entry in entries.Values)
            {
                if (entry.Visible is { } instance)
                {
                    living[instance.Id] = instance;
                }
            }
        }

        return living;
    }

    /// <summary>Looks at all files of some services.</summary>
    /// <returns>The services of which callers see something else than before.</returns>
    /// <exception cref="RegistryException">The folder or a file in it cannot be read.</exception>
    public HashSet<string> RefreshAll(Func<string, bool> includes)
    {
        // Those that were known as well: a list that is read while files are replaced may lack some.
        var names = client.List().ToHashSet();
        names.UnionWith(_services.Values.SelectMany(entries => entries.Keys));
        return Refresh(names, includes);
    }

    /// <summary>Looks at some files, as far as they are leases of some services.</summary>
    /// <returns>The services of which callers see something else than before.</returns>
    /// <exception cref="RegistryException">A file cannot be read. What had changed until then is reported by the next look.</exception>
    public HashSet<string> Refresh(IEnumerable<string> fileNames, Func<string, bool> includes)
    {
        foreach (var fileName in fileNames)
        {
            if (LeaseFileName.TryGetServiceName(fileName, out var service) && includes(service) && Refresh(service, fileName))
            {
                _changed.Add(service);
            }
        }

        var changed = _changed;
        _changed = [];
        return changed;
    }

    /// <summary>Removes a file that nobody holds.</summary>
    public void RemoveAbandoned(string fileName)
    {
        try
        {
            client.DeleteAbandoned(fileName);
        }
        catch (RegistryException failure)
        {
            // It is out of everyone's sight already; only the room it takes is not given back.
            LogNotRemoved(failure, fileName);
        }
    }

    private bool Refresh(string serviceName, string fileName)
    {
        if (!_services.TryGetValue(serviceName, out var entries))
        {
            _services[serviceName] = entries = [];
        }

        var known = entries.GetValueOrDefault(fileName);
        var before = known?.Visible;
        var reading = client.Read(fileName, known?.Stamp ?? default);
        if (reading.State is LeaseFileState.Missing or LeaseFileState.Abandoned)
        {
            Forget(serviceName, entries, fileName);
            if (reading.State == LeaseFileState.Abandoned)
            {
                RemoveAbandoned(fileName);
            }

            return before is not null;
        }

        var entry = known ?? (entries[fileName] = new() { MovedAt = time.GetTimestamp() });
        if (reading.State == LeaseFileState.Untrusted)
        {
            entry.Stamp = default;
            Skip(entry, fileName, reading.Refusal!);
        }
        else if (reading.Content is { } content)
        {
            Update(entry, fileName, reading.Stamp, content);
        }

        entry.Visible = entry.Lease is { } lease && time.GetElapsedTime(entry.MovedAt) < lease.Ttl ? lease.Instance : null;
        return !Equals(before, entry.Visible);
    }

    private void Update(LeaseEntry entry, string fileName, FileStamp stamp, byte[] content)
    {
        entry.Stamp = stamp;
        if (LeaseFormat.TryDecode(content, fileName, out var reason) is not { } lease)
        {
            Skip(entry, fileName, reason);
            return;
        }

        var former = entry.Lease;
        if (former is null || former.Counter != lease.Counter || former.Instance.Incarnation != lease.Instance.Incarnation)
        {
            entry.MovedAt = time.GetTimestamp();
        }

        // An equal instance keeps its identity: whoever holds it need not compare.
        entry.Lease = lease.Instance.Equals(former?.Instance) ? lease with { Instance = former.Instance } : lease;
    }

    private void Skip(LeaseEntry entry, string fileName, string reason)
    {
        entry.Lease = null;
        if (!entry.IsReported)
        {
            entry.IsReported = true;
            Interlocked.Increment(ref _skipped);
            LogSkipped(Path.Combine(client.Directory, fileName), UntrustedText.Line(reason));
        }
    }

    private void Forget(string serviceName, Dictionary<string, LeaseEntry> entries, string fileName)
    {
        entries.Remove(fileName);
        if (entries.Count == 0)
        {
            _services.Remove(serviceName);
        }
    }
}
