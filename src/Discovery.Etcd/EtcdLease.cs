using System.Globalization;
using Discovery.Etcd.Leases;
using Discovery.Etcd.Watches;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd;

/// <summary>One registration: a key under the lease that the process has for its lifetime.</summary>
internal sealed class EtcdLease : IServiceLease
{
    private readonly InstanceEntry _entry;
    private readonly TimeSpan _ttl;
    private readonly LeasePool _leases;
    private readonly OwnKeys _ownKeys;
    private readonly OwnKeyWatch _watch;
    private LeaseHold _hold;
    private LeaseHold? _nextHold;
    private HealthStatus? _written;
    private long _writtenAt;
    private volatile LeaseStatus _status = LeaseStatus.Held;

    private EtcdLease(InstanceEntry entry, TimeSpan ttl, LeaseHold hold, LeasePool leases, OwnKeys ownKeys, WatchStream watches)
    {
        _entry = entry;
        _ttl = ttl;
        _hold = hold;
        _leases = leases;
        _ownKeys = ownKeys;
        _watch = new OwnKeyWatch(watches);
    }

    public string Description => string.Create(CultureInfo.InvariantCulture, $"lease {_hold.Lease.Id:x} of {Key}");

    private string Key => _entry.Key(_hold.Lease.Id);

    /// <summary>Writes the key under a lease of the pool, whoever it belonged to.</summary>
    public static async Task<EtcdLease> RegisterAsync(
        InstanceEntry entry, TimeSpan ttl, HealthStatus health, LeasePool leases, OwnKeys ownKeys, WatchStream watches, CancellationToken cancellationToken)
    {
        var hold = await leases.AcquireAsync(ttl, cancellationToken).ConfigureAwait(false);
        try
        {
            var state = await entry.PutAsync(hold.Lease, health, cancellationToken).ConfigureAwait(false);
            var lease = new EtcdLease(entry, ttl, hold, leases, ownKeys, watches);
            ownKeys.Take(lease.Key, lease);
            lease.NoteWritten(state, health);
            return lease;
        }
        catch (RegistryException e) when (EtcdClient.IsLeaseGone(e))
        {
            hold.Lease.MarkGone();
            throw new RegistryException($"etcd ended the lease while it was to take {entry.Key(hold.Lease.Id)}.", e);
        }
        catch (RegistryException e) when (e.Kind != RegistryErrorKind.Unavailable)
        {
            hold.Release(); // etcd has said that it wrote nothing
            throw;
        }
        catch
        {
            hold.Abandon();
            throw;
        }
    }

    public async Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken)
    {
        if (_status != LeaseStatus.Held)
        {
            return _status;
        }

        if (_hold.Lease.IsAbandoned)
        {
            return await MoveAsync(health, cancellationToken).ConfigureAwait(false);
        }

        if (!await _hold.KeepAliveAsync(cancellationToken).ConfigureAwait(false))
        {
            return End(LeaseStatus.Forgotten);
        }

        return health != _written ? await WriteAsync(health, cancellationToken).ConfigureAwait(false)
            : _watch.IsSuspect ? await ConfirmAsync(health, cancellationToken).ConfigureAwait(false)
            : _status;
    }

    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        if (_status == LeaseStatus.Held)
        {
            if (!_hold.TryReleaseLast())
            {
                await _entry.DeleteAsync(_hold.Lease, cancellationToken).ConfigureAwait(false);
            }

            if (_hold.TryReleaseLast() || _hold.Release())
            {
                await _entry.RevokeAsync(_hold.Lease, cancellationToken).ConfigureAwait(false);
            }
        }

        End(LeaseStatus.Forgotten);
    }

    /// <summary>Another registration of this process has written the key.</summary>
    public void Supersede() => End(LeaseStatus.Superseded);

    public ValueTask DisposeAsync()
    {
        if (_status == LeaseStatus.Held)
        {
            _hold.Abandon();
        }

        End(LeaseStatus.Forgotten);
        return ValueTask.CompletedTask;
    }

    private async Task<LeaseStatus> ConfirmAsync(HealthStatus health, CancellationToken cancellationToken)
    {
        _watch.Trust(); // before asking: what happens meanwhile is to be suspected again
        var state = await AskOrSuspectAsync(_entry.ConfirmAsync(_hold.Lease, _writtenAt, cancellationToken)).ConfigureAwait(false);
        return state.Status == LeaseStatus.Held && state.WrittenAt != _writtenAt
            ? await WriteAsync(health, cancellationToken).ConfigureAwait(false)
            : Note(state);
    }

    private async Task<LeaseStatus> WriteAsync(HealthStatus health, CancellationToken cancellationToken)
    {
        _written = null; // unknown until etcd has answered
        _watch.Trust();
        return NoteWritten(await AskOrSuspectAsync(_entry.RewriteAsync(_hold.Lease, _hold.Lease, health, cancellationToken)).ConfigureAwait(false), health);
    }

    private async Task<LeaseStatus> MoveAsync(HealthStatus health, CancellationToken cancellationToken)
    {
        // Kept for the next time, should the answer be lost: the key may then stand under it.
        _nextHold ??= await _leases.AcquireAsync(_ttl, cancellationToken).ConfigureAwait(false);
        _written = null;
        var state = await _entry.RewriteAsync(_hold.Lease, _nextHold.Lease, health, cancellationToken).ConfigureAwait(false);
        if (state.LeaseId != _nextHold.Lease.Id)
        {
            return End(state.Status);
        }

        _hold.Release();
        _hold = _nextHold;
        _nextHold = null;
        return NoteWritten(state with { Status = LeaseStatus.Held }, health);
    }

    private async Task<EntryState> AskOrSuspectAsync(Task<EntryState> question)
    {
        try
        {
            return await question.ConfigureAwait(false);
        }
        catch (RegistryException e) when (EtcdClient.IsLeaseGone(e))
        {
            _hold.Lease.MarkGone();
            return default(EntryState) with { Status = LeaseStatus.Forgotten };
        }
        catch
        {
            _watch.Suspect();
            throw;
        }
    }

    private LeaseStatus NoteWritten(EntryState state, HealthStatus health)
    {
        (_written, _writtenAt) = (health, state.WrittenAt);
        return Note(state);
    }

    private LeaseStatus Note(EntryState state)
    {
        if (state.Status != LeaseStatus.Held || _status != LeaseStatus.Held)
        {
            return End(state.Status);
        }

        _watch.Follow(Key, _entry.Permission, state);
        return LeaseStatus.Held;
    }

    private LeaseStatus End(LeaseStatus status)
    {
        if (_status == LeaseStatus.Held)
        {
            _status = status;
        }

        _ownKeys.Leave(Key, this);
        _hold.Release();
        _nextHold?.Release();
        _watch.Dispose();
        return _status;
    }
}
