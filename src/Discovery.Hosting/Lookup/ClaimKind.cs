namespace Discovery.Hosting.Lookup;

/// <summary>How much a registry's word on an instance is worth, most first.</summary>
internal enum ClaimKind
{
    /// <summary>It lists the instance now.</summary>
    Current,

    /// <summary>It listed the instance when it was last heard.</summary>
    LastGood,

    /// <summary>It misses the instance, and nobody saw it leave.</summary>
    Held,

    /// <summary>It does not know the instance, or what it last said of it is outdated.</summary>
    None,
}
