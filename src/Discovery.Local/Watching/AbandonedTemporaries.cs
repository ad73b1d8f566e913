using Discovery.Local.Leases;

namespace Discovery.Local.Watching;

/// <summary>Removes what processes that died in the middle of a write have left.</summary>
internal sealed class AbandonedTemporaries
{
    private HashSet<string> _seen = [];

    /// <summary>Removes the temporary files that were there at the last sweep already: a younger one may be about to be locked.</summary>
    public void Sweep(IEnumerable<string> names, Action<string> remove)
    {
        var seen = names.Where(name => LeaseFileName.IsTemporary(name)).ToHashSet();
        foreach (var name in seen.Intersect(_seen))
        {
            remove(name);
        }

        _seen = seen;
    }
}
