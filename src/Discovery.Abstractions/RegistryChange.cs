namespace Discovery;

/// <summary>What a watch reports: a whole set, or what has changed since the last report.</summary>
public sealed record RegistryChange
{
    private RegistryChange(bool isComplete, IReadOnlyList<ServiceInstance> upserts, IReadOnlyList<string> removedIds)
    {
        IsComplete = isComplete;
        Upserts = upserts;
        RemovedIds = removedIds;
    }

    /// <summary>Nothing has changed: the registry still stands by what was last reported.</summary>
    public static RegistryChange Confirmation { get; } = new(false, [], []);

    /// <summary>True when <see cref="Upserts"/> is the whole set, and what is not in it is no longer registered.</summary>
    public bool IsComplete { get; }

    /// <summary>Instances that are new or have changed; in a complete change, all there are.</summary>
    public IReadOnlyList<ServiceInstance> Upserts { get; }

    /// <summary>IDs whose removal the registry was seen to carry out. Empty in a complete change, which shows absence, not removal.</summary>
    public IReadOnlyList<string> RemovedIds { get; }

    /// <summary>The whole set, as it is listed: at the start of a watch and wherever events may have been missed.</summary>
    public static RegistryChange Complete(IReadOnlyList<ServiceInstance> instances) => new(true, instances, []);

    /// <summary>What has changed since the last report, with nothing missed in between.</summary>
    public static RegistryChange Delta(IReadOnlyList<ServiceInstance> upserts, IReadOnlyList<string> removedIds) =>
        new(false, upserts, removedIds);
}
