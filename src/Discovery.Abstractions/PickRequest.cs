namespace Discovery;

/// <summary>What one call needs of the instance that is picked for it. The default asks for nothing in particular.</summary>
public readonly record struct PickRequest
{
    /// <summary>
    /// The scheme the endpoint must have (<c>http</c>, <c>https</c>), alternatives in order of preference joined by <c>+</c>
    /// (<c>https+http</c>), or null for any.
    /// </summary>
    public string? Scheme { get; init; }

    /// <summary>Calls with the same key go to the same instance, as far as the policy (ConsistentHash) and the membership allow.</summary>
    public string? Key { get; init; }

    /// <summary>IDs of instances that this call has already failed on: picked again only when there is no other. Null for none.</summary>
    public IReadOnlyCollection<string>? Tried { get; init; }

    /// <summary>IDs of the instances that the caller can send the call to, such as those it has a connection to; no other is picked. Null for all.</summary>
    public IReadOnlySet<string>? Among { get; init; }
}
