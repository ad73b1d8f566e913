using Discovery.Etcd.Layouts;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using CompareResult = Etcdserverpb.Compare.Types.CompareResult;
using CompareTarget = Etcdserverpb.Compare.Types.CompareTarget;

namespace Discovery.Etcd.Leases;

/// <summary>The key of one instance, and what may be done with it. But for the first put, only while it stands under the lease that is ours.</summary>
internal sealed class InstanceEntry(EtcdClient client, IEtcdLayout layout, string keyPrefix, ServiceInstance instance)
{
    /// <summary>What a role must grant for all of it.</summary>
    public string Permission { get; } = $"readwrite on prefix {layout.ServicePrefix(keyPrefix, instance.ServiceName)}";

    public string Key(long leaseId) => layout.Key(keyPrefix, instance.ServiceName, instance.Id, leaseId);

    /// <summary>Puts it there, whoever it belongs to now.</summary>
    public async Task<EntryState> PutAsync(SharedLease lease, HealthStatus health, CancellationToken cancellationToken)
    {
        var response = await client.PutAsync(Put(lease.Id, health), $"register {instance.Id}", Permission, cancellationToken).ConfigureAwait(false);
        return new(LeaseStatus.Held, lease.Id, response.Header.Revision, response.Header.Revision);
    }

    /// <summary>Asks whether it is still there, still ours, and says what was last written, without writing.</summary>
    /// <param name="lease">The lease that it stands under.</param>
    /// <param name="writtenAt">The revision at which it was last written. The answer has another where a write of ours arrived late, or etcd went back to an earlier one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<EntryState> ConfirmAsync(SharedLease lease, long writtenAt, CancellationToken cancellationToken) =>
        IfOursAsync(lease, lease, writtenAt, write: null, "confirm", cancellationToken);

    /// <summary>Writes it again if it is still there and still ours.</summary>
    /// <param name="lease">The lease that it stands under.</param>
    /// <param name="target">The lease that it shall stand under; most often the same.</param>
    /// <param name="health">What it shall say.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<EntryState> RewriteAsync(SharedLease lease, SharedLease target, HealthStatus health, CancellationToken cancellationToken) =>
        IfOursAsync(lease, target, writtenAt: null, new RequestOp { RequestPut = Put(target.Id, health) }, "write the health of", cancellationToken);

    /// <summary>Deletes it if it is still ours.</summary>
    public Task DeleteAsync(SharedLease lease, CancellationToken cancellationToken)
    {
        var deletion = new DeleteRangeRequest { Key = ByteString.CopyFromUtf8(Key(lease.Id)) };
        return IfOursAsync(lease, lease, writtenAt: null, new RequestOp { RequestDeleteRange = deletion }, "revoke", cancellationToken);
    }

    /// <summary>Revokes the lease, which deletes what stands under it.</summary>
    public Task RevokeAsync(SharedLease lease, CancellationToken cancellationToken) => client.RevokeAsync(lease.Id, Permission, cancellationToken);

    private PutRequest Put(long leaseId, HealthStatus health) => new()
    {
        Key = ByteString.CopyFromUtf8(Key(leaseId)),
        Value = UnsafeByteOperations.UnsafeWrap(layout.Encode(instance with { Health = health })),
        Lease = leaseId,
    };

    private async Task<EntryState> IfOursAsync(
        SharedLease lease, SharedLease target, long? writtenAt, RequestOp? write, string verb, CancellationToken cancellationToken)
    {
        var key = ByteString.CopyFromUtf8(Key(lease.Id));
        var request = new TxnRequest
        {
            Compare = { new Compare { Key = key, Target = CompareTarget.Lease, Result = CompareResult.Equal, Lease = lease.Id } },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = key, KeysOnly = true } } },
        };
        if (writtenAt is { } revision)
        {
            request.Compare.Add(new Compare { Key = key, Target = CompareTarget.Mod, Result = CompareResult.Equal, ModRevision = revision });
        }

        if (write is not null)
        {
            request.Success.Add(write);
        }

        var response = await client.TransactAsync(request, $"{verb} {instance.Id}", Permission, cancellationToken).ConfigureAwait(false);
        if (response.Succeeded)
        {
            return new(LeaseStatus.Held, target.Id, response.Header.Revision, writtenAt ?? response.Header.Revision);
        }

        var other = response.Responses[0].ResponseRange?.Kvs.FirstOrDefault();
        var status = other is null ? LeaseStatus.Forgotten : other.Lease == lease.Id ? LeaseStatus.Held : LeaseStatus.Superseded;
        return new(status, other?.Lease ?? 0, response.Header.Revision, other?.ModRevision ?? 0);
    }
}
