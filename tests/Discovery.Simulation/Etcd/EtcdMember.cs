using Discovery.Simulation.Network;

namespace Discovery.Simulation.Etcd;

/// <summary>One member of the cluster, with what is connected to it.</summary>
internal sealed class EtcdMember(EtcdCluster cluster, int index)
{
    private readonly List<Action> _held = [];
    private readonly List<EtcdWatchStream> _watches = [];
    private readonly HashSet<IConnection> _connections = [];
    private long _behindAt;

    public Uri Address { get; } = new($"http://10.9.9.{index + 1}:2379");

    public MemberState State { get; private set; }

    public int Connections => _connections.Count;

    /// <summary>The last revision that it has heard of.</summary>
    public long Revision => State == MemberState.Behind ? _behindAt : cluster.Store.Revision;

    public void Become(MemberState state)
    {
        _behindAt = cluster.Store.Revision;
        State = state;
        if (state == MemberState.Down)
        {
            foreach (var connection in _connections.ToArray())
            {
                connection.Break();
            }
        }
        else if (state == MemberState.Up)
        {
            Release();
        }
    }

    /// <summary>Forgets what had come while it hung, and what the cluster does not know of any more: that goes down or begins anew, and it with the rest.</summary>
    public void Drop()
    {
        _held.Clear();
        _behindAt = Math.Min(_behindAt, cluster.Store.Revision);
    }

    /// <summary>Takes a call, now or when it is able to.</summary>
    /// <exception cref="ServerDownException">It is down.</exception>
    public void Receive(Action call) => Receive(call, State is MemberState.Hung or MemberState.Behind);

    /// <summary>Takes a message of a stream.</summary>
    /// <exception cref="ServerDownException">It is down.</exception>
    public void Hear(Action message) => Receive(message, State == MemberState.Hung);

    public void Open(IConnection connection, EtcdWatchStream? watch)
    {
        _connections.Add(connection);
        if (watch is not null)
        {
            _watches.Add(watch);
        }
    }

    public void Close(IConnection connection, EtcdWatchStream? watch)
    {
        _connections.Remove(connection);
        _watches.RemoveAll(open => open == watch);
    }

    /// <summary>Tells watches what is new.</summary>
    public void Publish()
    {
        if (State is not MemberState.Hung)
        {
            foreach (var watch in _watches.ToArray())
            {
                watch.Publish();
            }
        }
    }

    private void Receive(Action action, bool mustWait)
    {
        if (!cluster.IsUp || State == MemberState.Down)
        {
            throw new ServerDownException();
        }

        if (mustWait)
        {
            _held.Add(action);
        }
        else
        {
            action();
        }
    }

    private void Release()
    {
        var held = _held.ToArray();
        _held.Clear();
        foreach (var action in held)
        {
            action();
        }

        Publish();
    }
}
