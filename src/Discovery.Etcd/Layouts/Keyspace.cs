namespace Discovery.Etcd.Layouts;

/// <summary>The keys of a layout below a prefix: <c>{prefix}/{service}/{member}</c>, whatever the layout.</summary>
/// <param name="layout">What the members are, and the values.</param>
/// <param name="prefix">Without a slash at its end; empty where keys start with the service.</param>
internal sealed class Keyspace(IEtcdLayout layout, string prefix)
{
    public IEtcdLayout Layout => layout;

    public string Prefix => prefix;

    /// <summary>What the keys of all services start with. Where it is empty, others' keys start with it as well.</summary>
    public string ServicesPrefix { get; } = prefix.Length == 0 ? "" : $"{prefix}/";

    /// <summary>What the keys of one service start with, and those of no other service do.</summary>
    public string ServicePrefix(string serviceName) => $"{ServicesPrefix}{serviceName}/";

    public string Key(ServiceInstance instance, long leaseId) => ServicePrefix(instance.ServiceName) + layout.Member(instance, leaseId);

    /// <summary>The key that an instance was read from, by the ID that it was given for it.</summary>
    public string KeyOf(string serviceName, string id) => ServicePrefix(serviceName) + id;

    /// <summary>The service that a key belongs to, or null where it belongs to none.</summary>
    public string? ServiceOf(string key)
    {
        var start = ServicesPrefix.Length;
        var end = key.StartsWith(ServicesPrefix, StringComparison.Ordinal) ? key.IndexOf('/', start) : -1;
        return end > 0 && layout.IsMember(key[(end + 1)..]) && ServiceName.TryNormalize(key[start..end], out var name) && name == key[start..end] ? name : null;
    }

    /// <summary>The ID of the instance that stands at a key of a service, or null where none can.</summary>
    public string? IdOf(string serviceName, string key)
    {
        var service = ServicePrefix(serviceName);
        return key.StartsWith(service, StringComparison.Ordinal) && key[service.Length..] is var member && layout.IsMember(member) ? member : null;
    }

    /// <summary>As a description of the registry names it.</summary>
    public override string ToString() => layout is DefaultLayout ? prefix : prefix.Length == 0 ? layout.Name : $"{prefix} ({layout.Name})";
}
