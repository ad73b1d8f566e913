using Discovery.Etcd.Layouts;
using Etcdserverpb;
using Google.Protobuf;

namespace Discovery.Etcd.Leases;

/// <summary>Removes an instance that nobody here may have a lease for: by its ID, whosever it is.</summary>
internal sealed class EntryRemoval(EtcdClient client, IReadOnlyList<Keyspace> keyspaces, WrittenKeys written)
{
    public async Task RemoveAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        var operation = $"deregister {id}";
        var permission = $"readwrite on prefix {string.Join(", ", keyspaces.Select(keyspace => keyspace.ServicePrefix(serviceName)))}";
        var noted = written.Of((serviceName, id));
        HashSet<string> keys = [.. keyspaces.Select(keyspace => keyspace.KeyOf(serviceName, id)), .. noted.Select(key => key.Key)];
        if (keyspaces.Any(keyspace => keyspace.Layout.KeyedBy != KeyKind.Id))
        {
            keys.UnionWith(await FindOthersAsync(serviceName, id, operation, permission, cancellationToken).ConfigureAwait(false));
        }

        if (keys.Count == 1)
        {
            await client.DeleteAsync(keys.Single(), operation, permission, cancellationToken).ConfigureAwait(false);
            return;
        }

        var request = new TxnRequest();
        request.Success.AddRange(keys.Select(key => new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = ByteString.CopyFromUtf8(key) } }));
        await client.TransactAsync(request, operation, permission, cancellationToken).ConfigureAwait(false);
        written.Forget((serviceName, id), noted);
    }

    // The keys that do not name the instance follow from what stands at the one that does: its address and its lease.
    private async Task<IEnumerable<string>> FindOthersAsync(string serviceName, string id, string operation, string permission, CancellationToken cancellationToken)
    {
        foreach (var keyspace in keyspaces)
        {
            if (keyspace.Layout.IsMember(id)
                && await client.FindAsync(keyspace.KeyOf(serviceName, id), operation, permission, cancellationToken).ConfigureAwait(false) is { } entry
                && keyspace.Layout.TryDecode(serviceName, id, entry, out var instance, out _))
            {
                return keyspaces.Select(other => other.Key(instance, entry.Lease));
            }
        }

        return [];
    }
}
