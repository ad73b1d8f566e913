using Etcdserverpb;
using Mvccpb;

namespace Discovery.Etcd.Leases;

/// <summary>What was found at the keys of an instance.</summary>
/// <param name="places">The keys that were read.</param>
/// <param name="response">The answer, with one range for each of them.</param>
internal sealed class EntryReading(IReadOnlyList<EntryPlace> places, TxnResponse response)
{
    private readonly KeyValue?[] _found = [.. response.Responses.Select(answer => answer.ResponseRange?.Kvs.FirstOrDefault())];

    public bool Has(EntryPlace place)
    {
        for (var i = 0; i < places.Count; i++)
        {
            if (places[i].Key == place.Key)
            {
                return _found[i] is not null;
            }
        }

        return false;
    }

    /// <summary>The first that stands under none of our leases, or null.</summary>
    public KeyValue? Foreign(params ReadOnlySpan<long> ours)
    {
        foreach (var found in _found)
        {
            if (found is not null && !ours.Contains(found.Lease))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>What holds while nobody has written any of them since.</summary>
    public IEnumerable<Compare> IsStillSo() => places.Zip(_found, (place, found) => place.IsStill(found));
}
