using Etcdserverpb;

namespace Discovery.Etcd.Watching;

/// <summary>
/// Tells whether the cluster is still the one that watches have followed. Where it was wiped, or restored from a backup, and has
/// been written to until its revision was past ours, the revision alone does not: but it has another ID then, or an earlier term.
/// </summary>
/// <remarks>
/// Terms grow with every election, as long as the data last. A cluster wiped in its first term is told by neither; what tells
/// it then is the loss of a lease.
/// </remarks>
internal sealed class ClusterHistory
{
    private ulong _clusterId;
    private ulong _term;

    /// <summary>Notes what an answer was given by.</summary>
    /// <returns>False where it does not go on from what answers before it were given by.</returns>
    public bool GoesOn(ResponseHeader? header)
    {
        if (header is null || header.ClusterId == 0)
        {
            return true;
        }

        var goesOn = _clusterId == 0 || (header.ClusterId == _clusterId && header.RaftTerm >= _term);
        (_clusterId, _term) = (header.ClusterId, header.RaftTerm);
        return goesOn;
    }
}
