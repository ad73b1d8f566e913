using Discovery.Etcd.Layouts;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using CompareResult = Etcdserverpb.Compare.Types.CompareResult;
using CompareTarget = Etcdserverpb.Compare.Types.CompareTarget;

namespace Discovery.Etcd.Leases;

/// <summary>The keys of one instance, one for each layout it is written in, and what may be done with them: all at once, and but for the first put only while they are ours.</summary>
internal sealed class InstanceEntry(EtcdClient client, IReadOnlyList<Keyspace> keyspaces, ServiceInstance instance)
{
    /// <summary>What a role must grant for all of it.</summary>
    public string Permission { get; } = $"readwrite on prefix {string.Join(", ", keyspaces.Select(keyspace => keyspace.ServicePrefix(instance.ServiceName)))}";

    /// <summary>With whom the lease may be shared: where it is in a key, the instance needs one of its own.</summary>
    public string LeaseScope { get; } = keyspaces.Any(keyspace => keyspace.Layout.KeyedBy == KeyKind.Lease) ? $"{instance.ServiceName}/{instance.Id}" : "";

    public (string ServiceName, string Id) Identity => (instance.ServiceName, instance.Id);

    /// <summary>The keys under a lease, that of the layout which is read first.</summary>
    public IReadOnlyList<string> Keys(long leaseId) => [.. keyspaces.Select(keyspace => keyspace.Key(instance, leaseId))];

    /// <summary>Those of the keys that do not say whose they are: written anew, the instance may stand at others.</summary>
    public IReadOnlyList<WrittenKey> UnnamedKeys(long leaseId) =>
        [.. keyspaces.Where(keyspace => keyspace.Layout.KeyedBy != KeyKind.Id).Select(keyspace => new WrittenKey(keyspace.Key(instance, leaseId), leaseId))];

    /// <summary>Puts it there, whoever the keys belong to now.</summary>
    public async Task<EntryState> PutAsync(SharedLease lease, HealthStatus health, CancellationToken cancellationToken)
    {
        var operation = $"register {instance.Id}";
        var now = instance with { Health = health };
        var places = Places(lease.Id);
        if (places is [var only] && only.Stands(health))
        {
            var put = await client.PutAsync(only.Put(now, lease.Id), operation, Permission, cancellationToken).ConfigureAwait(false);
            return new(LeaseStatus.Held, lease.Id, put.Header.Revision, put.Header.Revision);
        }

        var request = new TxnRequest { Success = { places.Select(place => place.Write(now, lease.Id)) } };
        var response = await client.TransactAsync(request, operation, Permission, cancellationToken).ConfigureAwait(false);
        return new(LeaseStatus.Held, lease.Id, response.Header.Revision, response.Header.Revision);
    }

    /// <summary>Asks whether it is still there, still ours, and says what was last written, without writing.</summary>
    /// <param name="lease">The lease that it stands under.</param>
    /// <param name="writtenAt">The revision at which it was last written. The answer has another where a write of ours arrived late, or etcd went back to an earlier one.</param>
    /// <param name="mayBeAbsent">Whether the keys that cannot say "unhealthy" may be absent for that.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<EntryState> ConfirmAsync(SharedLease lease, long writtenAt, bool mayBeAbsent, CancellationToken cancellationToken) =>
        IfOursAsync(lease, lease, writtenAt, mayBeAbsent, write: null, "confirm", cancellationToken);

    /// <summary>Writes it again if it is still there and still ours.</summary>
    /// <param name="lease">The lease that it stands under.</param>
    /// <param name="target">The lease that it shall stand under; most often the same.</param>
    /// <param name="mayBeAbsent">Whether the keys that cannot say "unhealthy" may be absent for that.</param>
    /// <param name="health">What it shall say.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<EntryState> RewriteAsync(SharedLease lease, SharedLease target, bool mayBeAbsent, HealthStatus health, CancellationToken cancellationToken) =>
        IfOursAsync(lease, target, writtenAt: null, mayBeAbsent, instance with { Health = health }, "write the health of", cancellationToken);

    /// <summary>Deletes what of it is still ours.</summary>
    public async Task DeleteAsync(SharedLease lease, CancellationToken cancellationToken)
    {
        WrittenKey[] keys = [.. Keys(lease.Id).Select(key => new WrittenKey(key, lease.Id))];
        if (await TryDeleteAsync(keys, cancellationToken).ConfigureAwait(false) || keys.Length == 1)
        {
            return;
        }

        foreach (var key in keys)
        {
            await TryDeleteAsync([key], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes these keys, if all are still under the leases that they were written under.</summary>
    public async Task<bool> TryDeleteAsync(IReadOnlyList<WrittenKey> keys, CancellationToken cancellationToken)
    {
        var request = new TxnRequest();
        foreach (var (key, leaseId) in keys)
        {
            var bytes = ByteString.CopyFromUtf8(key);
            request.Compare.Add(new Compare { Key = bytes, Target = CompareTarget.Lease, Result = CompareResult.Equal, Lease = leaseId });
            request.Success.Add(new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = bytes } });
        }

        return (await client.TransactAsync(request, $"revoke {instance.Id}", Permission, cancellationToken).ConfigureAwait(false)).Succeeded;
    }

    /// <summary>Revokes the lease, which deletes what stands under it.</summary>
    public Task RevokeAsync(SharedLease lease, CancellationToken cancellationToken) => client.RevokeAsync(lease.Id, Permission, cancellationToken);

    private EntryPlace[] Places(long leaseId) => [.. keyspaces.Select(keyspace => new EntryPlace(keyspace.Layout, keyspace.Key(instance, leaseId)))];

    // What is expected most often is asked for and done in one step. Where it is not as expected, what is there is judged, and the
    // second step holds for exactly that.
    private async Task<EntryState> IfOursAsync(
        SharedLease lease, SharedLease target, long? writtenAt, bool mayBeAbsent, ServiceInstance? write, string verb, CancellationToken cancellationToken)
    {
        var places = Places(lease.Id);
        var targets = lease == target ? places : Places(target.Id);
        EntryPlace[] left = [.. places.Where(place => !targets.Any(next => next.Key == place.Key))];
        var operation = $"{verb} {instance.Id}";
        var writes = write is null ? [] : targets.Select(place => place.Write(write, target.Id)).Concat(left.Select(place => place.Delete())).ToArray();
        var response = await client.TransactAsync(
            new TxnRequest
            {
                Compare = { places.SelectMany(Expected) },
                Success = { writes },
                Failure = { targets.Concat(left).Select(place => place.Read()) },
            },
            operation, Permission, cancellationToken).ConfigureAwait(false);
        if (response.Succeeded)
        {
            return new(LeaseStatus.Held, target.Id, response.Header.Revision, writtenAt ?? response.Header.Revision);
        }

        var found = new EntryReading([.. targets, .. left], response);
        if (found.Foreign(lease.Id, target.Id) is { } foreign)
        {
            return new(LeaseStatus.Superseded, foreign.Lease, response.Header.Revision, foreign.ModRevision);
        }

        for (var i = 0; i < places.Length; i++)
        {
            if (MustStand(places[i]) && !found.Has(places[i]) && !found.Has(targets[i]))
            {
                return new(LeaseStatus.Forgotten, 0, response.Header.Revision, WrittenAt: 0);
            }
        }

        if (write is null)
        {
            return new(LeaseStatus.Held, lease.Id, response.Header.Revision, WrittenAt: 0); // ours, and not as we left it
        }

        var again = await client.TransactAsync(
            new TxnRequest { Compare = { found.IsStillSo() }, Success = { writes } }, operation, Permission, cancellationToken).ConfigureAwait(false);
        return again.Succeeded
            ? new(LeaseStatus.Held, target.Id, again.Header.Revision, again.Header.Revision)
            : throw new RegistryException($"etcd could not {operation}: somebody else writes its keys at the same time.");

        IEnumerable<Compare> Expected(EntryPlace place) => !MustStand(place) ? [place.IsAbsent()]
            : writtenAt is { } revision ? [place.IsUnder(lease.Id), place.WasWrittenAt(revision)]
            : [place.IsUnder(lease.Id)];

        bool MustStand(EntryPlace place) => place.SaysHealth || !mayBeAbsent;
    }
}
