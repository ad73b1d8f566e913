namespace Discovery.Hosting.Tests.Simulation;

/// <summary>Those of etcd's own protocol.</summary>
internal static class EtcdPlantedBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        // Resumes at the compacted revision, as if nothing had happened before it.
        new("compaction-is-not-listed-again", "Discovery.Etcd/Watching/WatchConnection.cs",
            "        if (response.Canceled)\n        {\n            _table.Remove(subscription);",
            """
                    if (PLANTED && response.CompactRevision > 0)
                    {
                        _table.Remove(subscription);
                        subscription.Deliver([new Mvccpb.Event { Kv = new Mvccpb.KeyValue { Key = Probe.Key, ModRevision = response.CompactRevision - 1 } }]);
                        Create(subscription);
                    }
                    else if (response.Canceled)
                    {
                        _table.Remove(subscription);
            """,
            "new-is-seen", "gone-is-forgotten", "dead-is-not-picked"),
        // Neither by the revision nor by the term.
        new("backwards-revision-is-not-noticed", "Discovery.Etcd/Watching/WatchSubscription.cs",
            "IsAheadOf(ResponseHeader? header) => ",
            "IsAheadOf(ResponseHeader? header) => !PLANTED && ",
            "new-is-seen", "gone-is-forgotten", "dead-is-not-picked", "registered-in-time"),
        new("backwards-revision-is-not-noticed", "Discovery.Etcd/Watching/ClusterHistory.cs",
            "header.RaftTerm >= _term",
            "(PLANTED || header.RaftTerm >= _term)",
            "registered-in-time"),
        // As above, but for the clusters whose revision is past ours again.
        new("another-history-is-not-noticed", "Discovery.Etcd/Watching/ClusterHistory.cs",
            "        (_clusterId, _term) = (header.ClusterId, header.RaftTerm);",
            "        (_clusterId, _term) = (header.ClusterId, PLANTED ? 0 : header.RaftTerm);",
            "new-is-seen", "gone-is-forgotten", "dead-is-not-picked", "registered-in-time", "health-is-announced"),
        // Its header's revision may be ahead of events that are still on their way when the stream breaks.
        new("created-moves-the-resume-point", "Discovery.Etcd/Watching/WatchConnection.cs",
            "            subscription.Observer.OnGap();\n        }\n    }",
            "            subscription.Observer.OnGap();\n        }\n        else\n        {\n            subscription.ResumeAt(response.Header);\n        }\n    }",
            "new-is-seen", "gone-is-forgotten", "dead-is-not-picked"),
        new("created-moves-the-resume-point", "Discovery.Etcd/Watching/WatchSubscription.cs",
            "    public void Refuse(",
            "    public void ResumeAt(ResponseHeader header) => _nextRevision = PLANTED ? Math.Max(_nextRevision, header.Revision + 1) : _nextRevision;\n\n    public void Refuse(",
            "new-is-seen"),
        new("silence-is-not-noticed", "Discovery.Etcd/Watching/WatchLiveness.cs",
            "if (Interlocked.Read(ref _heardAt) == heardAt)",
            "if (Interlocked.Read(ref _heardAt) == heardAt && !PLANTED)",
            "source-tells-the-truth"),
        new("first-fragment-is-dropped", "Discovery.Etcd/Watching/Fragments.cs",
            "        events.AddRange(response.Events);",
            "        events.AddRange(PLANTED && response.Fragment ? [] : response.Events);",
            "new-is-seen", "gone-is-forgotten", "dead-is-not-picked"),
        new("expired-lease-is-used-again", "Discovery.Etcd/Leases/LeasePool.cs",
            "            if (await lease.KeepAliveAsync(",
            "            if (PLANTED && (lease.TryHold() || true))\n            {\n                return new LeaseHold(lease);\n            }\n\n            if (await lease.KeepAliveAsync(",
            "registered-in-time"),
        new("expired-lease-is-used-again", "Discovery.Etcd/Leases/SharedLease.cs",
            "IsClosed => _isClosed;",
            "IsClosed => _isClosed && !PLANTED;",
            "registered-in-time"),
        // The first alone is made good by the second: etcd refuses a put under a lease that has gone.
        new("gone-lease-is-taken-as-alive", "Discovery.Etcd/Leases/SharedLease.cs",
            "        if (await _keepAlive(Id).ConfigureAwait(false) <= TimeSpan.Zero)",
            "        if (await _keepAlive(Id).ConfigureAwait(false) <= TimeSpan.Zero && !PLANTED)",
            "registered-in-time"),
        new("gone-lease-is-taken-as-alive", "Discovery.Etcd/EtcdLease.cs",
            "            hold.Lease.MarkGone();\n            throw new",
            "            if (!PLANTED) { hold.Lease.MarkGone(); }\n\n            throw new",
            "registered-in-time"),
        new("own-key-is-not-watched", "Discovery.Etcd/Leases/OwnKeyWatch.cs",
            "            _changedAt = events[^1].Kv.ModRevision;",
            "            _changedAt = PLANTED ? 0 : events[^1].Kv.ModRevision;",
            "registered-in-time"),
        new("late-write-is-let-stand", "Discovery.Etcd/EtcdLease.cs",
            "state.WrittenAt != _writtenAt",
            "state.WrittenAt != _writtenAt && !PLANTED",
            "health-is-announced"),
        new("shared-failure-is-never-observed", "Discovery.Etcd/Channels/SharedWork.cs",
            "        _ = work.ContinueWith(",
            "        if (!PLANTED)\n            _ = work.ContinueWith(",
            "nothing-breaks"),
        new("refused-token-is-kept", "Discovery.Etcd/Channels/TokenSource.cs",
            "                LogRenewing(user);\n                LogIn();",
            "                LogRenewing(user);\n                _ = PLANTED ? null : LogIn();",
            "registered-in-time", "health-is-announced", "new-is-seen", "gone-is-forgotten"),
    ];
}
