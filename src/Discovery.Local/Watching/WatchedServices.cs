namespace Discovery.Local.Watching;

/// <summary>The services that are watched, by whom, and what those were last told. Not safe for concurrent use.</summary>
internal sealed class WatchedServices
{
    private readonly Dictionary<string, (List<ServiceWatch> Watches, Dictionary<string, ServiceInstance> Living)> _services = [];

    public bool IsEmpty => _services.Count == 0;

    public bool Contains(string serviceName) => _services.ContainsKey(serviceName);

    /// <summary>Starts a watch that knows what the others of its service know, or what the table does.</summary>
    public ServiceWatch Add(string serviceName, LeaseTable table, Action<ServiceWatch> ended)
    {
        if (!_services.TryGetValue(serviceName, out var service))
        {
            _services[serviceName] = service = ([], table.Living(serviceName));
        }

        var watch = new ServiceWatch(serviceName, service.Living, ended);
        service.Watches.Add(watch);
        return watch;
    }

    public void Remove(ServiceWatch watch)
    {
        if (_services.TryGetValue(watch.ServiceName, out var service) && service.Watches.Remove(watch) && service.Watches.Count == 0)
        {
            _services.Remove(watch.ServiceName);
        }
    }

    /// <summary>Some services have changed.</summary>
    public void Report(IEnumerable<string> changedServices, LeaseTable table)
    {
        foreach (var name in changedServices.Where(Contains))
        {
            var watches = _services[name].Watches;
            var living = table.Living(name);
            _services[name] = (watches, living);
            watches.ForEach(watch => watch.Report(living));
        }
    }

    /// <summary>All have been looked at, and are as they were last reported.</summary>
    public void Confirm()
    {
        foreach (var (watches, living) in _services.Values)
        {
            watches.ForEach(watch => watch.Report(living));
        }
    }

    /// <summary>Ends all watches.</summary>
    public void Fail(RegistryException failure)
    {
        foreach (var (watches, _) in _services.Values)
        {
            watches.ForEach(watch => watch.Fail(failure));
        }

        _services.Clear();
    }
}
