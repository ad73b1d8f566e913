using System.Runtime.CompilerServices;
using Discovery;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CustomRegistry;

/// <summary>A whole provider in one file: a registry that lives in this process, so all it can list is registrations of this app.</summary>
internal sealed class MemoryRegistryFactory(TimeProvider time) : IServiceRegistryFactory
{
    private readonly MemoryTable _table = new(time);

    public string Name => "Memory";

    public IServiceRegistry Create() => new MemoryRegistry(_table);
}

/// <summary>One process's view of the table. It holds no policy: backing off and trying again are Discovery.Hosting's.</summary>
internal sealed class MemoryRegistry(MemoryTable table) : IServiceRegistry
{
    public string Description => "Memory";

    public IReadOnlyList<Uri> Endpoints => [];

    public Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var checkedInstance = instance with { ServiceName = ServiceName.Checked(instance.ServiceName), Id = ServiceName.CheckedId(instance.Id) };
        return Task.FromResult<IServiceLease>(new MemoryLease(table, table.Put(checkedInstance, ttl)));
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        table.Remove(ServiceName.Checked(serviceName), ServiceName.CheckedId(id));
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = ServiceName.Checked(serviceName);
        var known = new Dictionary<string, ServiceInstance>();
        for (var isFirst = true; ; isFirst = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (current, changed) = table.List(name);
            var upserts = current.Where(instance => known.GetValueOrDefault(instance.Id) != instance).ToList();
            var removed = known.Keys.Except(current.Select(instance => instance.Id)).ToList();
            known = current.ToDictionary(instance => instance.Id);
            if (isFirst)
            {
                yield return RegistryChange.Complete(current); // at once, even when it is empty
            }
            else if (upserts.Count + removed.Count > 0)
            {
                yield return RegistryChange.Delta(upserts, removed);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(table.ListServices());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // closes what is open; revokes nothing
}

/// <summary>A registration. Which one it is tells the incarnation: an ID that was registered anew is somebody else's.</summary>
internal sealed class MemoryLease(MemoryTable table, ServiceInstance instance) : IServiceLease
{
    public string Description => $"entry {instance.ServiceName}/{instance.Id}";

    public Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(table.KeepAlive(instance, health));
    }

    public Task RevokeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        table.Remove(instance.ServiceName, instance.Id, instance.Incarnation);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What a server would hold: entries that end when nobody keeps them alive for their Ttl.</summary>
internal sealed class MemoryTable(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Service, string Id), Entry> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _incarnation;

    public ServiceInstance Put(ServiceInstance instance, TimeSpan ttl)
    {
        lock (_gate)
        {
            var put = instance with { Incarnation = ++_incarnation };
            Replace(put, ttl);
            return put;
        }
    }

    public LeaseStatus KeepAlive(ServiceInstance instance, HealthStatus health)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((instance.ServiceName, instance.Id), out var entry))
            {
                return LeaseStatus.Forgotten;
            }

            if (entry.Instance.Incarnation != instance.Incarnation)
            {
                return LeaseStatus.Superseded;
            }

            entry.Expiry.Change(entry.Ttl, Timeout.InfiniteTimeSpan);
            if (entry.Instance.Health != health)
            {
                Replace(entry.Instance with { Health = health }, entry.Ttl);
            }

            return LeaseStatus.Held;
        }
    }

    public void Remove(string serviceName, string id, long? incarnation = null)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((serviceName, id), out var entry) && (incarnation ?? entry.Instance.Incarnation) == entry.Instance.Incarnation)
            {
                entry.Expiry.Dispose();
                _entries.Remove((serviceName, id));
                Signal();
            }
        }
    }

    /// <returns>The instances, and a task that ends with the next change.</returns>
    public (IReadOnlyList<ServiceInstance> Instances, Task Changed) List(string serviceName)
    {
        lock (_gate)
        {
            return ([.. _entries.Values.Select(entry => entry.Instance).Where(instance => instance.ServiceName == serviceName)], _changed.Task);
        }
    }

    public IReadOnlyList<string> ListServices()
    {
        lock (_gate)
        {
            return [.. _entries.Keys.Select(key => key.Service).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    private void Replace(ServiceInstance instance, TimeSpan ttl)
    {
        var key = (instance.ServiceName, instance.Id);
        _entries.GetValueOrDefault(key)?.Expiry.Dispose();
        var expiry = time.CreateTimer(
            _ => Remove(instance.ServiceName, instance.Id, instance.Incarnation), null, ttl, Timeout.InfiniteTimeSpan);
        _entries[key] = new Entry(instance, ttl, expiry);
        Signal();
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Entry(ServiceInstance Instance, TimeSpan Ttl, ITimer Expiry);
}
