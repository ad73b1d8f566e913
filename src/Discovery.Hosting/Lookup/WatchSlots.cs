namespace Discovery.Hosting.Lookup;

/// <summary>The watches again, found by the length and the ends of a name rather than a hash of all of it, which took half the time of a pick by name.</summary>
/// <remarks>
/// Of watches that share a slot the newest is found; the others are left to the table. Written to under the table's lock only, so that what was
/// evicted is not found again.
/// </remarks>
internal sealed class WatchSlots
{
    private const int Size = 256;

    private readonly ServiceWatch?[] _slots = new ServiceWatch?[Size];

    /// <summary>The watch of the service with exactly this name, or null where there is none or it is not here.</summary>
    public ServiceWatch? Find(string? name) =>
        name is { Length: > 0 } && Volatile.Read(ref _slots[SlotOf(name)]) is { } watch && watch.ServiceName == name ? watch : null;

    public void Add(ServiceWatch watch) => Volatile.Write(ref _slots[SlotOf(watch.ServiceName)], watch);

    public void Remove(ServiceWatch watch) => Interlocked.CompareExchange(ref _slots[SlotOf(watch.ServiceName)], null, watch);

    private static int SlotOf(string name) => (name[0] + name[^1] * 7 + name.Length * 31) & (Size - 1);
}
