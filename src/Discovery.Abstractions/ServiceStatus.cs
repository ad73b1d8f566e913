namespace Discovery;

/// <summary>A watched service in a few numbers, whatever the number of its instances.</summary>
public sealed record ServiceStatus
{
    /// <summary>The name of the service.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Where its instances are known from.</summary>
    public required SnapshotSource Source { get; init; }

    /// <summary>How long ago the registry last confirmed them; zero while the watch is proven alive.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>How many instances there are now, by what may be done with them.</summary>
    public required InstanceCounts Counts { get; init; }

    /// <summary>The name of the load-balancing policy that calls are spread by.</summary>
    public required string Policy { get; init; }
}
