using Discovery.Simulation.Registries;

namespace Discovery.Simulation.Etcd;

internal sealed partial class EtcdCluster
{
    private static readonly TimeSpan CompactionInterval = TimeSpan.FromSeconds(1);

    public override Action? Trouble(Random random)
    {
        switch (random.Next(9))
        {
            case 0:
                Compact();
                return null;
            case 1:
                Restore(random.NextInt64(1, Store.Revision + 1));
                return null;
            case 2:
                Note("takes no token any more");
                Users.ExpireTokens();
                return null;
            case 3:
                Elect();
                return null;
            case 4:
                PutBack(random);
                return null;
            default:
                // The one that most go to, or any.
                var member = random.Next(2) == 0 ? _members.MaxBy(member => member.Connections)! : _members[random.Next(_members.Length)];
                return Trouble(member, (MemberState)random.Next(1, 4));
        }
    }

    private void Compact()
    {
        if (Store.CompactedAt < Store.Revision)
        {
            Note($"is compacted at {Store.Revision}");
            Store.Compact();
        }
    }

    private void CompactByItself() => Clock.Schedule(CompactionInterval, () =>
    {
        Compact();
        CompactByItself();
    });

    private void Elect()
    {
        Note("elects another leader");
        _term++;
        _hasChangedLeader = true;
        Leases.Promote();
    }

    /// <summary>A write that was given up arrives after later ones.</summary>
    private void PutBack(Random random)
    {
        EtcdChange[] old = [.. Store.Between(1, Store.Revision).Where(change =>
            !change.IsDeletion && Store.Find(change.Key)?.Event.Kv is { } now && now.Lease == change.Event.Kv.Lease && !now.Value.Equals(change.Event.Kv.Value))];
        if (IsUp && old.Length > 0)
        {
            var late = old[random.Next(old.Length)];
            Note($"an old write of {late.Key} arrives");
            Write(Store.Put(late.Event.Kv.Key, late.Event.Kv.Value, late.Event.Kv.Lease, late.Call));
        }
    }

    private Action? Trouble(EtcdMember member, MemberState state)
    {
        if (_members.Length == 1 || _members.Any(other => other.State != MemberState.Up))
        {
            return null; // the others would be no majority
        }

        Note($"member {Array.IndexOf(_members, member)} is {state}");
        member.Become(state);
        Elect();
        return () =>
        {
            Compact(); // before it has told anybody what it missed
            Note($"member {Array.IndexOf(_members, member)} is up again");
            member.Become(MemberState.Up);
        };
    }

    /// <summary>All members begin anew from one backup.</summary>
    private void Restore(long revision)
    {
        if (!IsUp)
        {
            return;
        }

        Note($"is restored to revision {revision} of {Store.Revision}");
        BreakAll();
        Leases.Restore(revision);
        Store.Restore(revision);
        foreach (var standing in All.ToArray())
        {
            if (Store.Entries.All(entry => EtcdValue.Names(entry.Key) != (standing.Service, standing.Id)))
            {
                Drop(standing, Removal.Wiped);
            }
        }

        foreach (var entry in Store.Entries)
        {
            Put(new Standing(EtcdValue.Read(entry.Event.Kv), entry.Call, Clock.Now));
        }

        _term /= 2;
        Begin();
    }
}
