using Discovery.Etcd.Channels;

namespace Discovery.Etcd.Leases;

/// <summary>One etcd lease that all registrations of the process with the same lifetime stand under.</summary>
internal sealed class SharedLease
{
    // A keep-alive that etcd has answered this short a part of the lifetime ago serves others as well.
    private const int SharedFor = 6;

    private readonly Func<long, Task<TimeSpan>> _keepAlive;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task<bool>? _renewal;
    private long _acknowledgedAt;
    private int _holders;
    private volatile bool _isClosed;
    private bool _isGone;

    /// <param name="id">The lease.</param>
    /// <param name="ttl">The lifetime that etcd has granted.</param>
    /// <param name="askedAt">When it was asked for, as a timestamp of <paramref name="time"/>.</param>
    /// <param name="keepAlive">Sends one keep-alive.</param>
    /// <param name="time">The clock.</param>
    public SharedLease(long id, TimeSpan ttl, long askedAt, Func<long, Task<TimeSpan>> keepAlive, TimeProvider time)
    {
        Id = id;
        Ttl = ttl;
        _acknowledgedAt = askedAt;
        _keepAlive = keepAlive;
        _time = time;
    }

    public long Id { get; }

    public TimeSpan Ttl { get; }

    /// <summary>
    /// Whether a key stands under it that is to expire. The others must move to another lease, and nobody keeps this one alive.
    /// </summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether it takes no registration any more.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>When the keep-alive that etcd last answered was sent, as a timestamp.</summary>
    public long AcknowledgedAt
    {
        get
        {
            lock (_gate)
            {
                return _acknowledgedAt;
            }
        }
    }

    /// <summary>Keeps it alive, unless etcd has just answered somebody else's keep-alive.</summary>
    /// <param name="counted">The <see cref="AcknowledgedAt"/> that the caller has counted already: nobody's keep-alive serves him twice.</param>
    /// <param name="cancellationToken">Gives up waiting; the keep-alive goes on for others.</param>
    /// <returns>False when etcd does not know it any more.</returns>
    /// <exception cref="RegistryException">etcd could not be asked. The lease may still stand: only etcd's own word ends it.</exception>
    public Task<bool> KeepAliveAsync(long? counted, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isGone || (_acknowledgedAt != counted && _time.GetElapsedTime(_acknowledgedAt) < Ttl / SharedFor))
            {
                return Task.FromResult(!_isGone);
            }

            if (_renewal is null or { IsCompleted: true })
            {
                _renewal = RenewAsync().ForWhoeverWaits();
            }

            return _renewal.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Puts a registration under it.</summary>
    /// <returns>False when it takes none any more.</returns>
    public bool TryHold()
    {
        lock (_gate)
        {
            _holders += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    /// <summary>Lets go of it for a registration whose key is gone.</summary>
    /// <returns>True when that was the last one: the lease stands for nothing any more.</returns>
    public bool Release()
    {
        lock (_gate)
        {
            _isClosed |= --_holders == 0;
            return _isClosed && _holders == 0 && !IsAbandoned;
        }
    }

    /// <summary>Lets go of it for a registration whose key still stands, if that is the last one: revoking the lease then ends both.</summary>
    public bool TryReleaseLast()
    {
        lock (_gate)
        {
            return _holders == 1 && !IsAbandoned && Release();
        }
    }

    /// <summary>Lets go of it for a registration whose key is to expire.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _holders--;
            _isClosed = true;
            IsAbandoned = true;
        }
    }

    /// <summary>Notes that etcd does not know it any more.</summary>
    public void MarkGone()
    {
        lock (_gate)
        {
            _isClosed = true;
            _isGone = true;
        }
    }

    private async Task<bool> RenewAsync()
    {
        var askedAt = _time.GetTimestamp();
        if (await _keepAlive(Id).ConfigureAwait(false) <= TimeSpan.Zero)
        {
            MarkGone();
            return false;
        }

        lock (_gate)
        {
            _acknowledgedAt = askedAt;
        }

        return true;
    }
}
