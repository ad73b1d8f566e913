namespace Discovery.Etcd.Watching;

/// <summary>All watches of the process, and the connection that serves them now. Safe for concurrent use.</summary>
/// <remarks>No lock is held while observers are told: they subscribe and unsubscribe under locks of their own.</remarks>
internal sealed class WatchSubscriptions
{
    private readonly HashSet<WatchSubscription> _all = [];
    private readonly Lock _gate = new();
    private WatchConnection? _connection;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _all.Count == 0;
            }
        }
    }

    public void Add(WatchSubscription subscription)
    {
        lock (_gate)
        {
            _all.Add(subscription);
            _connection?.Create(subscription);
        }
    }

    /// <summary>Its observer wants no more of it.</summary>
    public void Remove(WatchSubscription subscription)
    {
        lock (_gate)
        {
            if (_all.Remove(subscription))
            {
                _connection?.Cancel(subscription);
            }
        }
    }

    /// <summary>etcd has ended it.</summary>
    public void Ended(WatchSubscription subscription)
    {
        lock (_gate)
        {
            _all.Remove(subscription);
        }
    }

    /// <summary>From now on this connection serves them.</summary>
    public void Connect(WatchConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            foreach (var subscription in _all)
            {
                connection.Create(subscription);
            }
        }
    }

    public void Disconnect()
    {
        lock (_gate)
        {
            _connection = null;
        }
    }

    /// <summary>Ends all of them, and has each list again.</summary>
    public void ListAgain()
    {
        foreach (var subscription in TakeAll())
        {
            subscription.Observer.OnGap();
        }
    }

    /// <summary>Ends all of them, and says why.</summary>
    public void Lose(RegistryException reason)
    {
        foreach (var subscription in TakeAll())
        {
            subscription.Observer.OnLost(reason);
        }
    }

    private WatchSubscription[] TakeAll()
    {
        lock (_gate)
        {
            WatchSubscription[] all = [.. _all];
            _all.Clear();
            foreach (var subscription in all)
            {
                _connection?.Cancel(subscription);
            }

            return all;
        }
    }
}
