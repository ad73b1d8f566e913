namespace Discovery.Hosting.Lookup;

/// <summary>Tells a service that shrinks from a registry that forgets.</summary>
/// <remarks>
/// <para>
/// A departure is believed when at least half of the instances stay, when one of at most three stays, or when it is the single deletion
/// of one instance. All departures within <see cref="Window"/> count as one: the leases of a whole service expire one by one.
/// </para>
/// <para>
/// The window covers how far the expiries of one outage lie apart (leases are renewed every third of their Ttl, so for a Ttl of up to
/// 90 s). Longer would cost little: who really left refuses the first probe.
/// </para>
/// </remarks>
internal sealed class RecentDepartures(TimeProvider time)
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private const int SmallSet = 3;

    private readonly Dictionary<string, (InstanceEntry Entry, long At)> _departed = new(StringComparer.Ordinal);

    /// <summary>Whether the registry is believed that the instances have left.</summary>
    /// <param name="listed">How many were listed before the change, those among them that leave included.</param>
    /// <param name="held">How many are missing already without being believed to have left.</param>
    /// <param name="leaving">How many of the listed leave.</param>
    /// <param name="isDeletion">Whether the registry was seen deleting them, rather than found without them.</param>
    public bool IsBelieved(int listed, int held, int leaving, bool isDeletion)
    {
        Forget();
        var missing = held + _departed.Count;
        var before = listed + missing;
        var kept = listed - leaving;
        return (kept > 0 && (2 * kept >= before || before <= SmallSet))
            || (isDeletion && leaving == 1 && missing == 0);
    }

    public void Add(InstanceEntry entry) => _departed[entry.Instance.Id] = (entry, time.GetTimestamp());

    public void Return(string id) => _departed.Remove(id);

    /// <summary>The instances believed to have left too soon, which turn out to be part of something larger.</summary>
    public IReadOnlyList<InstanceEntry> TakeAll()
    {
        List<InstanceEntry> departed = [.. _departed.Values.Select(departure => departure.Entry)];
        _departed.Clear();
        return departed;
    }

    private void Forget()
    {
        foreach (var (id, (_, at)) in _departed)
        {
            if (time.GetElapsedTime(at) >= Window)
            {
                _departed.Remove(id);
            }
        }
    }
}
