using System.Globalization;
using Discovery.Etcd.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd;

/// <summary>One registration: its keys, under the lease that the process has for its lifetime.</summary>
internal sealed class EtcdLease : IServiceLease
{
    private readonly InstanceEntry _entry;
    private readonly TimeSpan _ttl;
    private readonly ProcessRegistrations _process;
    private readonly OwnKeyWatches _watches;
    private LeaseHold _hold;
    private LeaseHold? _nextHold;
    private HealthStatus? _written;
    private long _writtenAt;
    private bool _mayBeAbsent;
    private volatile LeaseStatus _status = LeaseStatus.Held;

    private EtcdLease(InstanceEntry entry, TimeSpan ttl, LeaseHold hold, ProcessRegistrations process)
    {
        _entry = entry;
        _ttl = ttl;
        _hold = hold;
        _process = process;
        _watches = new OwnKeyWatches(process.Watches);
    }

    public string Description => string.Create(CultureInfo.InvariantCulture, $"lease {_hold.Lease.Id:x} of {Keys[0]}");

    private IReadOnlyList<string> Keys => _entry.Keys(_hold.Lease.Id);

    /// <summary>Writes the keys under a lease of the pool, whoever they belonged to.</summary>
    public static async Task<EtcdLease> RegisterAsync(
        InstanceEntry entry, TimeSpan ttl, HealthStatus health, ProcessRegistrations process, CancellationToken cancellationToken)
    {
        var hold = await process.Leases.AcquireAsync(ttl, entry.LeaseScope, cancellationToken).ConfigureAwait(false);
        try
        {
            var left = process.WrittenKeys.Note(entry.Identity, entry.UnnamedKeys(hold.Lease.Id));
            var state = await entry.PutAsync(hold.Lease, health, cancellationToken).ConfigureAwait(false);
            await RemoveAsync(left, entry, process, cancellationToken).ConfigureAwait(false);
            var lease = new EtcdLease(entry, ttl, hold, process);
            lease.TakeKeys();
            lease.NoteWritten(state, health);
            return lease;
        }
        catch (RegistryException e) when (EtcdClient.IsLeaseGone(e))
        {
            hold.Lease.MarkGone();
            throw new RegistryException($"etcd ended the lease while it was to take {entry.Keys(hold.Lease.Id)[0]}.", e);
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
            : _watches.IsSuspect ? await ConfirmAsync(health, cancellationToken).ConfigureAwait(false)
            : _status;
    }

    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        if (_status == LeaseStatus.Held)
        {
            if (_nextHold is { } next)
            {
                await RevokeAsync(next, cancellationToken).ConfigureAwait(false); // the key stands under it where only the answer was lost
            }

            await RevokeAsync(_hold, cancellationToken).ConfigureAwait(false);
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
            _nextHold?.Abandon(); // the key may stand under it
        }

        End(LeaseStatus.Forgotten);
        return ValueTask.CompletedTask;
    }

    private async Task RevokeAsync(LeaseHold hold, CancellationToken cancellationToken)
    {
        if (!hold.TryReleaseLast())
        {
            await _entry.DeleteAsync(hold.Lease, cancellationToken).ConfigureAwait(false);
        }

        if (hold.TryReleaseLast() || hold.Release())
        {
            await _entry.RevokeAsync(hold.Lease, cancellationToken).ConfigureAwait(false);
        }

        _process.WrittenKeys.Forget(_entry.Identity, _entry.UnnamedKeys(hold.Lease.Id));
    }

    private async Task<LeaseStatus> ConfirmAsync(HealthStatus health, CancellationToken cancellationToken)
    {
        _watches.Trust(); // before asking: what happens meanwhile is to be suspected again
        var state = await AskOrSuspectAsync(_entry.ConfirmAsync(_hold.Lease, _writtenAt, _mayBeAbsent, cancellationToken)).ConfigureAwait(false);
        return state.Status == LeaseStatus.Held && state.WrittenAt != _writtenAt
            ? await WriteAsync(health, cancellationToken).ConfigureAwait(false)
            : Note(state);
    }

    private async Task<LeaseStatus> WriteAsync(HealthStatus health, CancellationToken cancellationToken)
    {
        var mayBeAbsent = _mayBeAbsent;
        Attempt(health);
        _watches.Trust();
        return NoteWritten(
            await AskOrSuspectAsync(_entry.RewriteAsync(_hold.Lease, _hold.Lease, mayBeAbsent, health, cancellationToken)).ConfigureAwait(false), health);
    }

    private async Task<LeaseStatus> MoveAsync(HealthStatus health, CancellationToken cancellationToken)
    {
        // Kept for the next time, should the answer be lost: the key may then stand under it.
        _nextHold ??= await _process.Leases.AcquireAsync(_ttl, _entry.LeaseScope, cancellationToken).ConfigureAwait(false);
        var mayBeAbsent = _mayBeAbsent;
        Attempt(health);
        _process.WrittenKeys.Note(_entry.Identity, _entry.UnnamedKeys(_nextHold.Lease.Id));
        var state = await _entry.RewriteAsync(_hold.Lease, _nextHold.Lease, mayBeAbsent, health, cancellationToken).ConfigureAwait(false);
        if (state.Status != LeaseStatus.Held)
        {
            return End(state.Status);
        }

        var left = _entry.UnnamedKeys(_hold.Lease.Id);
        LeaveKeys();
        _hold.Release();
        _hold = _nextHold;
        _nextHold = null;
        TakeKeys();
        _process.WrittenKeys.Forget(_entry.Identity, left.Except(_entry.UnnamedKeys(_hold.Lease.Id)));
        return NoteWritten(state, health);
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
            _watches.Suspect();
            throw;
        }
    }

    private LeaseStatus NoteWritten(EntryState state, HealthStatus health)
    {
        (_written, _writtenAt) = (health, state.WrittenAt);
        _mayBeAbsent = health == HealthStatus.Unhealthy;
        return Note(state);
    }

    private LeaseStatus Note(EntryState state)
    {
        if (state.Status != LeaseStatus.Held || _status != LeaseStatus.Held)
        {
            return End(state.Status);
        }

        _watches.Follow(Keys, _entry.Permission, state);
        return LeaseStatus.Held;
    }

    private LeaseStatus End(LeaseStatus status)
    {
        if (_status == LeaseStatus.Held)
        {
            _status = status;
        }

        LeaveKeys();
        _hold.Release();
        _nextHold?.Release();
        _watches.Dispose();
        return _status;
    }

    // What etcd has is unknown from here on until it has answered.
    private void Attempt(HealthStatus health)
    {
        _written = null;
        _mayBeAbsent |= health == HealthStatus.Unhealthy;
    }

    private void TakeKeys()
    {
        foreach (var key in Keys)
        {
            _process.OwnKeys.Take(key, this);
        }
    }

    private void LeaveKeys()
    {
        foreach (var key in Keys)
        {
            _process.OwnKeys.Leave(key, this);
        }
    }

    private static async Task RemoveAsync(IReadOnlyList<WrittenKey> left, InstanceEntry entry, ProcessRegistrations process, CancellationToken cancellationToken)
    {
        foreach (var key in left)
        {
            process.OwnKeys.Supersede(key.Key);
            await entry.TryDeleteAsync([key], cancellationToken).ConfigureAwait(false);
        }

        process.WrittenKeys.Forget(entry.Identity, left);
    }
}
