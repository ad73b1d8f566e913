namespace Discovery;

/// <summary>The instances of a service at one moment, where they are known from, and how old that knowledge is.</summary>
public sealed class ServiceSnapshot
{
    private readonly TimeProvider _time;
    private readonly long? _confirmedAt;

    /// <summary>Creates a snapshot.</summary>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="instances">The instances callers should use.</param>
    /// <param name="source">Where they are known from.</param>
    /// <param name="version">Grows with every snapshot of the service in this process.</param>
    /// <param name="time">The clock <see cref="Age"/> is read from.</param>
    /// <param name="confirmedAt">
    /// When the registry last confirmed the set, as a timestamp of <paramref name="time"/> (it may lie before the process was
    /// started); null while the watch is proven alive.
    /// </param>
    public ServiceSnapshot(
        string serviceName, IReadOnlyList<ServiceInstance> instances, SnapshotSource source, long version, TimeProvider time, long? confirmedAt)
    {
        ServiceName = serviceName;
        Instances = instances;
        Source = source;
        Version = version;
        _time = time;
        _confirmedAt = confirmedAt;
    }

    /// <summary>The name of the service.</summary>
    public string ServiceName { get; }

    /// <summary>The instances callers should use: the healthy and degraded ones, or, where there are none, all.</summary>
    public IReadOnlyList<ServiceInstance> Instances { get; }

    /// <summary>Where the instances are known from.</summary>
    public SnapshotSource Source { get; }

    /// <summary>How long ago the registry last confirmed the set; zero while the watch is proven alive.</summary>
    public TimeSpan Age => _confirmedAt is { } at ? _time.GetElapsedTime(at) : TimeSpan.Zero;

    /// <summary>Grows with every snapshot of the service in this process.</summary>
    public long Version { get; }

    /// <summary>The same moment with other instances.</summary>
    internal ServiceSnapshot With(IReadOnlyList<ServiceInstance> instances) => new(ServiceName, instances, Source, Version, _time, _confirmedAt);
}
