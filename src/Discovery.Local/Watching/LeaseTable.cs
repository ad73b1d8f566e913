using Discovery.Local.Files;
using Discovery.Local.Leases;
using Microsoft.Extensions.Logging;

namespace Discovery.Local.Watching;

/// <summary>What is known of the files in the folder. Not safe for concurrent use.</summary>
internal sealed partial class LeaseTable(LocalClient client, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, Dictionary<string, LeaseEntry>> _services = [];

    /// <summary>The services of which files are known.</summary>
    public IEnumerable<string> Services => _services.Keys;

    /// <summary>The files of a service that are known.</summary>
    public IEnumerable<string> NamesOf(string serviceName) =>
        _services.TryGetValue(serviceName, out var entries) ? entries.Keys : [];

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

    /// <summary>Looks at a file.</summary>
    /// <returns>Whether what callers see of it has changed.</returns>
    public bool Refresh(string serviceName, string fileName)
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
            LocalMetrics.SkippedLeases.Add(1);
            LogSkipped(Path.Combine(client.Directory, fileName), reason);
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

    private void RemoveAbandoned(string fileName)
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
}
