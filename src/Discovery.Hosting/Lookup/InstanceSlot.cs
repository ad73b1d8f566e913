namespace Discovery.Hosting.Lookup;

/// <summary>Where the writer finds an instance by its ID.</summary>
internal sealed class InstanceSlot(InstanceEntry entry)
{
    public InstanceEntry Entry { get; set; } = entry;

    public InstanceTier Tier { get; set; }

    public int Index { get; set; }

    /// <summary>The listing that last named the instance.</summary>
    public int Listing { get; set; }

    /// <summary>Since when it is held, as a timestamp; null while the registry lists it.</summary>
    public long? HeldAt { get; set; }
}
