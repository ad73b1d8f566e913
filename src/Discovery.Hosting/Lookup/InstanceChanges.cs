namespace Discovery.Hosting.Lookup;

/// <summary>What one change of a service's instances has come to: which ones, as long as they are few, else how many. Not thread-safe.</summary>
internal sealed class InstanceChanges
{
    /// <summary>How many of a kind are named. A service of thousands that joins at once is one event, not thousands.</summary>
    public const int MostNamed = 10;

    // Most changes are of one kind, and are of one instance.
    private readonly List<(DiscoveryEventKind Kind, int Count, List<ServiceInstance> Named)> _kinds = new(1);

    public void Add(DiscoveryEventKind kind, ServiceInstance instance)
    {
        var index = 0;
        while (index < _kinds.Count && _kinds[index].Kind != kind)
        {
            index++;
        }

        if (index == _kinds.Count)
        {
            _kinds.Add((kind, 0, new(1)));
        }

        var (_, count, named) = _kinds[index];
        if (count < MostNamed)
        {
            named.Add(instance);
        }

        _kinds[index] = (kind, count + 1, named);
    }

    public IEnumerable<DiscoveryEvent> AsEvents(string serviceName)
    {
        foreach (var (kind, count, named) in _kinds)
        {
            if (count > MostNamed)
            {
                yield return new() { Kind = kind, ServiceName = serviceName, Count = count };
                continue;
            }

            foreach (var instance in named)
            {
                yield return Of(kind, instance);
            }
        }
    }

    private static DiscoveryEvent Of(DiscoveryEventKind kind, ServiceInstance instance) => new()
    {
        Kind = kind,
        ServiceName = instance.ServiceName,
        InstanceId = instance.Id,
        Health = kind is DiscoveryEventKind.InstanceJoined or DiscoveryEventKind.HealthChanged ? instance.Health : null,
    };
}
