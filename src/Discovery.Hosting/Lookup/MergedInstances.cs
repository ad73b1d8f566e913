using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Registration;

namespace Discovery.Hosting.Lookup;

/// <summary>The instances of a service that stands in several registries, each ID once. Not thread-safe.</summary>
/// <remarks>
/// <para>
/// Each registry is judged by itself first: what it lists, what it holds because absent is not dead, what it has seen leave, and whether it is lost.
/// </para>
/// <para>
/// <b>Who is there.</b> An instance that a live registry lists is there, whatever the others say. Else one that a lost registry listed when it was last heard, and
/// else one that a registry holds; but neither where another registry has seen the instance leave later than that, or less than <see cref="TimeToLeave"/> before:
/// a process leaves all its registries at once, and one that is lost cannot tell. That it named the instance only then is no proof of life: it may have been registered
/// there just before. Only that a registry has just seen it leave, and then come, is.
/// </para>
/// <para>
/// <b>Which description counts.</b> That of the best claim by the order above. Of equals, those that do not call it unhealthy come first: what an app says of itself
/// reaches every registry with the next beat, whereas a registry that no longer hears the app calls it unhealthy whatever it says elsewhere. Of these, the one that
/// has last been seen changing it (of lost ones, the one heard last), and then the one that configuration names first.
/// </para>
/// <para>
/// <b>Incarnation.</b> Each registry counts by itself, so a number is kept here that changes when all live registries that count it say that it was registered anew: one
/// alone may merely have lost its data.
/// </para>
/// </remarks>
internal sealed class MergedInstances : IInstanceSource
{
    /// <summary>How far apart a process that stops may leave its registries.</summary>
    public static readonly TimeSpan TimeToLeave = RegistrationLimits.RevokeTimeout;

    private readonly IReadOnlyList<RegistrySource> _registries;
    private readonly MergedRoster _roster;
    private readonly int[] _described;

    public MergedInstances(IEnumerable<IServiceRegistry> registries, OutlierDetector detector)
    {
        var touched = new List<List<string>>();
        _registries = [.. registries.Select(registry =>
        {
            touched.Add([]);
            return new RegistrySource(registry, detector, touched[^1]);
        })];
        _roster = new(_registries, touched, detector.Time);
        _described = new int[_registries.Count];
        Table = new(detector);
    }

    public IReadOnlyList<RegistrySource> Registries => _registries;

    public InstanceTable Table { get; }

    public bool IsStoodBy => StoodByUntil is null;

    public long? StoodByUntil
    {
        get
        {
            var lost = _registries.Where((registry, index) => !registry.IsLive && _described[index] > 0).Select(registry => registry.ConfirmedAt).ToList();
            return lost.Count > 0 ? Earlier(lost.Min(), Table.HeldSince)
                : Table.HeldSince ?? (_registries.Any(registry => registry.IsLive) ? null : _registries.Max(registry => registry.ConfirmedAt));
        }
    }

    public bool HasAnswered => _registries.Where((registry, index) => registry.HasAnswered && (Table.Count == 0 || _described[index] > 0)).Any();

    /// <summary>Takes in what a registry has changed.</summary>
    /// <param name="registry">Which.</param>
    /// <param name="isNews">Whether it shows what has changed just now, and not what was so when it was first asked.</param>
    /// <returns>Whether that changes the merged set, or who stands by it.</returns>
    public bool Follow(RegistrySource registry, bool isNews) => MergeAll(_roster.Hear(registry, isNews), isNews);

    /// <summary>Takes in that a registry is live or lost, with what it has changed: that may decide anew on every instance.</summary>
    /// <inheritdoc cref="Follow"/>
    public bool FollowAll(RegistrySource registry, bool isNews)
    {
        _roster.Hear(registry, isNews);
        return MergeAll(_roster.Ids, isNews);
    }

    public bool Drop(string id)
    {
        if (Table.Find(id) is not { HeldAt: not null })
        {
            return false;
        }

        foreach (var registry in _registries)
        {
            registry.Drop(id);
            _roster.Hear(registry, isNews: true);
        }

        return Merge(id, joins: false);
    }

    private static long Earlier(long one, long? other) => other < one ? other.Value : one;

    private bool MergeAll(IReadOnlyCollection<string> ids, bool isNews)
    {
        var (stoodByUntil, joins) = (StoodByUntil, isNews && Table.ListedCount > 0);
        var changed = false;
        foreach (var id in ids)
        {
            changed |= Merge(id, joins);
        }

        return changed || (ids.Count > 0 && StoodByUntil != stoodByUntil);
    }

    /// <summary>Puts an instance into the table as it is known now.</summary>
    /// <returns>Whether that changed anything.</returns>
    private bool Merge(string id, bool joins)
    {
        if (_roster.Find(id) is not { } instance)
        {
            return false;
        }

        Count(instance.DescribedBy, -1);
        var kind = instance.Choose();
        Count(instance.DescribedBy, 1);
        return kind switch
        {
            ClaimKind.None => Remove(id),
            ClaimKind.Held => Hold(id, instance),
            _ => Table.Upsert(instance.Describe(), joins),
        };
    }

    private void Count(int? describedBy, int change)
    {
        if (describedBy is { } index)
        {
            _described[index] += change;
        }
    }

    private bool Remove(string id)
    {
        if (Table.Find(id) is not { } slot)
        {
            return false;
        }

        Table.Remove(slot);
        return true;
    }

    private bool Hold(string id, MergedInstance instance)
    {
        var slot = Table.Find(id);
        if (slot is { HeldAt: not null })
        {
            return false;
        }

        if (slot is null)
        {
            Table.Upsert(instance.Describe(), joins: false);
        }

        Table.Hold(Table.Find(id)!.Entry);
        return true;
    }
}
