using Discovery.Etcd;
using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Discovery.Simulation.Registries;
using Discovery.Simulation.Scheduling;
using Etcdserverpb;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Simulation.Etcd;

/// <summary>
/// An etcd of one or three members, as far as Discovery.Etcd asks anything of it, with the answers that etcd 3.4 and 3.5 were seen to
/// give: keys under leases, a history that is watched and compacted, members that fail one at a time.
/// </summary>
internal sealed partial class EtcdCluster : ModelRegistry
{
    /// <summary>How often etcd looks for watches that are to be told of the past.</summary>
    private static readonly TimeSpan CatchingUp = TimeSpan.FromSeconds(0.1);

    private readonly Random _random;
    private readonly EtcdMember[] _members;
    private long _term = 100;
    private bool _hasChangedLeader;

    public EtcdCluster(SimulatedClock clock, Trace trace, Random random)
        : base(clock, trace)
    {
        _random = random;
        _members = [.. Enumerable.Range(0, random.Next(3) == 0 ? 1 : 3).Select(i => new EtcdMember(this, i))];
        Users = new EtcdUsers(random.Next(4) == 0);
        Leases = new EtcdLeases(clock, random, lease => End(lease, Removal.Expired));
        Calls = new EtcdCalls(this);
        if (random.Next(2) == 0)
        {
            CompactByItself();
        }
    }

    // A lease is granted, and a log-in made, for all who want one; each has the four seconds of any call.
    public override TimeSpan Hanging => TimeSpan.FromSeconds(Users.AreChecked ? 8 : 4);

    public override int Members => _members.Length;

    public override TimeSpan Reaping => EtcdLeases.Looking;

    public EtcdStore Store { get; } = new();

    public EtcdLeases Leases { get; }

    public EtcdUsers Users { get; }

    public EtcdCalls Calls { get; }

    // All members in turn, each for a second and the last for four, after the silence that a watch bears, and whatever a storm brought last.
    public override TimeSpan Unheard(LinkState state) => TimeSpan.FromSeconds(2.5 + 1 + 1 + 4) + Weather.MaxDelay;

    // Lists, watches and log-ins are for whoever looks something up, and a lease that is granted in vain has nothing under it.
    public override bool IsOwn(string request) => !request.StartsWith("list", StringComparison.Ordinal) && request is not ("Watch" or "log in" or "grant");

    public ResponseHeader Header(EtcdMember member) => new() { ClusterId = 1, MemberId = (ulong)Array.IndexOf(_members, member) + 1, Revision = member.Revision, RaftTerm = (ulong)_term };

    /// <summary>Schedules the next round in which watches are told of the past.</summary>
    public void CatchUp(Action round) => Clock.Schedule(CatchingUp * _random.NextDouble(), round);

    /// <summary>Whether a response with several events comes in pieces.</summary>
    public bool Fragments() => _random.Next(3) == 0;

    /// <summary>Whether a leader was elected that the next read does not survive.</summary>
    public bool TakeLeaderChange()
    {
        var hasChanged = _hasChangedLeader;
        _hasChangedLeader = false;
        return hasChanged;
    }

    /// <summary>Serves a stream that a process has opened.</summary>
    public void Open<TRequest, TResponse>(EtcdMember member, Pipe<TRequest, TResponse> pipe, string? token)
    {
        EtcdWatchStream? watch = null;
        if (pipe is Pipe<LeaseKeepAliveRequest, LeaseKeepAliveResponse> keepAlives)
        {
            keepAlives.Arrived = request => Hear(member, keepAlives, () => KeepAlive(member, keepAlives, request.ID));
        }
        else if (pipe is Pipe<WatchRequest, WatchResponse> watches)
        {
            watch = new EtcdWatchStream(this, member, watches, token);
            watches.Arrived = request => Hear(member, watches, () => watch.Handle(request));
        }

        member.Open(pipe, watch);
        pipe.Ended = () => member.Close(pipe, watch);
    }

    /// <summary>A key was put.</summary>
    public void Write(EtcdChange change)
    {
        var (service, id) = EtcdValue.Names(change.Key);
        var instance = EtcdValue.Read(change.Event.Kv);
        if (Find(service, id) is { } standing && standing.Owner == change.Call.Sender && standing.SentAt <= change.Call.SentAt
            && standing.Instance.Incarnation == instance.Incarnation)
        {
            standing.Instance = instance;
            Changed(standing, "is written again");
        }
        else
        {
            Put(new Standing(instance, change.Call, Clock.Now));
        }

        Publish();
    }

    public void Delete(IReadOnlyList<EtcdChange> entries, Call call, Removal removal)
    {
        Store.Delete(entries, call);
        foreach (var entry in entries)
        {
            Drop(entry, removal);
        }

        Publish();
    }

    /// <summary>Ends a lease, and with it what stands under it.</summary>
    public void End(ModelLease lease, Removal removal)
    {
        Note($"the lease {lease.Id:x} is {removal}");
        Delete([.. Store.Entries.Where(entry => entry.Event.Kv.Lease == lease.Id)], default, removal);
        lease.End(Store.Revision);
    }

    public override void RemoveByHand(Standing standing)
    {
        var entry = Store.Entries.First(entry => EtcdValue.Names(entry.Key) == (standing.Service, standing.Id));
        if (_random.Next(3) == 0 && Leases.Find(entry.Event.Kv.Lease) is { } lease)
        {
            End(lease, Removal.RemovedByHand);
        }
        else
        {
            Delete([entry], default, Removal.RemovedByHand);
        }
    }

    protected override IServiceRegistry CreateClient(SimulatedProcess process)
    {
        var options = new EtcdOptions { Username = Users.AreChecked ? "discovery" : null, Password = Users.AreChecked ? "secret" : null };
        foreach (var member in _members)
        {
            options.Endpoints.Add(member.Address.OriginalString);
        }

        return new EtcdServiceRegistry(
            options, process.Clock, NullLoggerFactory.Instance, address => new EtcdChannel(this, _members.First(member => member.Address == address), process.Link));
    }

    // What makes a new cluster of the old one's members begins again, at a low term.
    protected override void Wiped()
    {
        Store.Restore(1);
        Leases.Restore(0);
        _term /= 2;
        Begin();
    }

    protected override void WentDown()
    {
        Leases.Pause();
        Drop();
    }

    protected override void Restarted() => Begin();

    private void Begin()
    {
        _term++;
        Users.ExpireTokens();
        Drop();
        Leases.Promote();
    }

    private void Drop()
    {
        foreach (var member in _members)
        {
            member.Drop();
        }
    }

    private void Publish()
    {
        foreach (var member in _members)
        {
            member.Publish();
        }
    }

    private void KeepAlive(EtcdMember member, Pipe<LeaseKeepAliveRequest, LeaseKeepAliveResponse> pipe, long id)
    {
        var lease = Leases.Find(id);
        if (lease is not null)
        {
            Leases.Renew(lease);
        }

        pipe.Reply(new LeaseKeepAliveResponse { Header = Header(member), ID = id, TTL = lease?.Ttl ?? 0 }, $"lease {id:x} has {lease?.Ttl ?? 0} s");
    }

    private static void Hear(EtcdMember member, IConnection stream, Action message)
    {
        try
        {
            member.Hear(message);
        }
        catch (ServerDownException)
        {
            stream.Break();
        }
    }

    private void Drop(EtcdChange entry, Removal removal)
    {
        var (service, id) = EtcdValue.Names(entry.Key);
        if (Find(service, id) is { } standing)
        {
            Drop(standing, removal);
        }
    }
}
