namespace Discovery.Hosting.Lookup;

/// <summary>What one of several registries has to say of one instance.</summary>
internal struct RegistryClaim
{
    /// <summary>How it knows the instance; null where it does not.</summary>
    public InstanceSlot? Slot;

    /// <summary>The place, among all changes seen, of the one in which it last described the instance otherwise; 0 while it has not been seen changing it.</summary>
    public long ChangedAt;

    /// <summary>The incarnation that all are measured against, or null where the registry has not stood by the instance yet.</summary>
    public long? Incarnation;

    /// <summary>When the registry has seen the instance leave, as a timestamp; null where it has not, or has seen it since.</summary>
    public long? LeftAt;
}
