namespace Discovery.Hosting.Lookup;

/// <summary>What one change of a service's instances has come to: which ones, as long as they are few, else how many. Not thread-safe.</summary>
internal sealed class InstanceChanges
{
    /// <summary>How many of a kind are named. A service of thousands that joins at once is one event, not thousands.</summary>
    public const int MostNamed = 10;

    private readonly Dictionary<DiscoveryEventKind, (int Count, List<ServiceInstance> Named)> _kinds = [];

    public void Add(DiscoveryEventKind kind, ServiceInstance instance)
    {
        var (count, named) = _kinds.TryGetValue(kind, out var known) ? known : (0, []);
        if (count < MostNamed)
        {
            named.Add(instance);
        }

        _kinds[kind] = (count + 1, named);
    }

    public IEnumerable<DiscoveryEvent> AsEvents(string serviceName) => _kinds.SelectMany(kind => kind.Value.Count > MostNamed
        ? [new() { Kind = kind.Key, ServiceName = serviceName, Count = kind.Value.Count }]
        : kind.Value.Named.Select(instance => Of(kind.Key, instance)));

    private static DiscoveryEvent Of(DiscoveryEventKind kind, ServiceInstance instance) => new()
    {
        Kind = kind,
        ServiceName = instance.ServiceName,
        InstanceId = instance.Id,
        Health = kind is DiscoveryEventKind.InstanceJoined or DiscoveryEventKind.HealthChanged ? instance.Health : null,
    };
}
