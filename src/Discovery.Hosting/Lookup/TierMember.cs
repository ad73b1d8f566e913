namespace Discovery.Hosting.Lookup;

/// <summary>An instance in its tier's list, and beside it what most calls want of it, so that taking turns reads the list and not the instance: of 10,000, these are not in the processor's cache.</summary>
/// <param name="Entry">The instance.</param>
/// <param name="Preferred">Its preferred endpoint; null where it has none.</param>
internal readonly record struct TierMember(InstanceEntry Entry, EndpointAddress? Preferred)
{
    public static TierMember Of(InstanceEntry entry) => new(entry, entry.Preferred);
}
