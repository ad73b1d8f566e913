using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing;

/// <summary>What several <see cref="InMemoryServiceRegistry"/> share: the registrations, each under a lease that ends by the given clock.</summary>
public sealed class InMemoryRegistryStore
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly SortedDictionary<string, SortedDictionary<string, InMemoryRegistration>> _services = new(StringComparer.Ordinal);
    private readonly List<InMemoryWatch> _watches = [];
    private long _revision;

    /// <summary>Creates an empty store.</summary>
    /// <param name="time">The clock that leases end by.</param>
    public InMemoryRegistryStore(TimeProvider time) => _time = time;

    /// <summary>How many watches run now.</summary>
    public int WatchCount
    {
        get
        {
            lock (_gate)
            {
                return _watches.Count;
            }
        }
    }

    internal TimeProvider Time => _time;

    /// <summary>The instances of a service, in the order of their IDs.</summary>
    public IReadOnlyList<ServiceInstance> GetInstances(string serviceName)
    {
        lock (_gate)
        {
            return List(serviceName);
        }
    }

    /// <summary>The names of all services with an instance, in ordinal order.</summary>
    public IReadOnlyList<string> GetServices()
    {
        lock (_gate)
        {
            return [.. _services.Keys];
        }
    }

    /// <summary>Loses everything. Watchers see complete, empty sets: absence, not removal.</summary>
    public void Wipe()
    {
        lock (_gate)
        {
            foreach (var (serviceName, instances) in _services.ToArray())
            {
                foreach (var registration in instances.Values.ToArray())
                {
                    Drop(registration);
                }

                Publish(serviceName, RegistryChange.Complete([]));
            }
        }
    }

    /// <summary>Loses one instance. Watchers see a complete set without it: absence, not removal.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Forget(string serviceName, string id)
    {
        lock (_gate)
        {
            if (Find(serviceName, id) is not { } registration)
            {
                return false;
            }

            Drop(registration);
            Publish(serviceName, RegistryChange.Complete(List(serviceName)));
            return true;
        }
    }

    /// <summary>Tells all watchers that what they know still stands.</summary>
    public void Confirm()
    {
        lock (_gate)
        {
            foreach (var watch in _watches)
            {
                watch.Publish(RegistryChange.Confirmation);
            }
        }
    }

    /// <summary>Writes an instance past the registry, as whoever else may write there does: nothing is checked.</summary>
    /// <param name="instance">What is written.</param>
    /// <param name="ttl">When it ends by itself.</param>
    public void Write(ServiceInstance instance, TimeSpan ttl) => Register(instance, ttl);

    internal object Register(ServiceInstance instance, TimeSpan ttl)
    {
        lock (_gate)
        {
            var former = Find(instance.ServiceName, instance.Id);
            former?.Dispose();
            var incarnation = ++_revision;
            var registration = new InMemoryRegistration(instance with { Incarnation = former?.Instance.Incarnation ?? incarnation }, ttl, _time, Expire);
            if (!_services.TryGetValue(instance.ServiceName, out var instances))
            {
                _services[instance.ServiceName] = instances = new(StringComparer.Ordinal);
            }

            instances[instance.Id] = registration;
            Publish(instance.ServiceName, RegistryChange.Delta([registration.Instance], []));
            return registration.Lease;
        }
    }

    internal LeaseStatus KeepAlive(object lease, string serviceName, string id, HealthStatus health)
    {
        lock (_gate)
        {
            if (Find(serviceName, id) is not { } registration)
            {
                return LeaseStatus.Forgotten;
            }

            if (registration.Lease != lease)
            {
                return LeaseStatus.Superseded;
            }

            registration.Extend();
            if (registration.Instance.Health != health)
            {
                registration.Instance = registration.Instance with { Health = health };
                Publish(serviceName, RegistryChange.Delta([registration.Instance], []));
            }

            return LeaseStatus.Held;
        }
    }

    /// <summary>Removes an instance; with a lease, only if it is still that one's.</summary>
    internal void Remove(string serviceName, string id, object? lease)
    {
        lock (_gate)
        {
            if (Find(serviceName, id) is { } registration && (lease is null || registration.Lease == lease))
            {
                Drop(registration);
                Publish(serviceName, RegistryChange.Delta([], [id]));
            }
        }
    }

    internal void Start(InMemoryWatch watch)
    {
        lock (_gate)
        {
            _watches.Add(watch);
            watch.Publish(RegistryChange.Complete(List(watch.ServiceName)));
        }
    }

    internal void End(InMemoryWatch watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
        }
    }

    private void Expire(InMemoryRegistration registration)
    {
        lock (_gate)
        {
            if (registration.IsOverdue && Find(registration.Instance.ServiceName, registration.Instance.Id) == registration)
            {
                Drop(registration);
                Publish(registration.Instance.ServiceName, RegistryChange.Delta([], [registration.Instance.Id]));
            }
        }
    }

    private void Drop(InMemoryRegistration registration)
    {
        registration.Dispose();
        var instances = _services[registration.Instance.ServiceName];
        instances.Remove(registration.Instance.Id);
        if (instances.Count == 0)
        {
            _services.Remove(registration.Instance.ServiceName);
        }
    }

    private InMemoryRegistration? Find(string serviceName, string id) =>
        _services.TryGetValue(serviceName, out var instances) && instances.TryGetValue(id, out var registration) ? registration : null;

    private ServiceInstance[] List(string serviceName) =>
        _services.TryGetValue(serviceName, out var instances) ? [.. instances.Values.Select(registration => registration.Instance)] : [];

    private void Publish(string serviceName, RegistryChange change)
    {
        foreach (var watch in _watches.Where(watch => watch.ServiceName == serviceName))
        {
            watch.Publish(change);
        }
    }
}
