using Discovery.Simulation.Network;
using Discovery.Simulation.Registries;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;

namespace Discovery.Simulation.Etcd;

/// <summary>etcd's calls that are not streams, as the cluster carries them out: one after the other.</summary>
internal sealed class EtcdCalls(EtcdCluster cluster)
{
    /// <exception cref="RpcException">etcd refuses it.</exception>
    public IMessage Serve(Call call, EtcdMember member, string? token, object request)
    {
        if (request is not (AuthenticateRequest or LeaseGrantRequest) && cluster.Users.Refusal(token) is { } refusal)
        {
            throw new RpcException(refusal);
        }

        return request switch
        {
            AuthenticateRequest => new AuthenticateResponse { Header = cluster.Header(member), Token = cluster.Users.LogIn() },
            RangeRequest range => Range(member, range),
            PutRequest put => Put(call, member, put),
            DeleteRangeRequest deletion => Delete(call, member, deletion),
            TxnRequest transaction => Transact(call, member, transaction),
            LeaseGrantRequest grant => Grant(member, grant),
            LeaseRevokeRequest revoke => Revoke(member, revoke),
            _ => throw new NotSupportedException(request.GetType().Name),
        };
    }

    /// <summary>What a trace calls a request.</summary>
    public static string Say(object request) => request switch
    {
        RangeRequest range => $"list {range.Key.ToStringUtf8()}",
        PutRequest put => $"put {put.Key.ToStringUtf8()} under {put.Lease:x}",
        DeleteRangeRequest deletion => $"delete {deletion.Key.ToStringUtf8()}",
        TxnRequest { Success: [{ RequestPut: not null }] } => "write again if ours",
        TxnRequest { Success: [{ RequestDeleteRange: not null }] } => "delete if ours",
        TxnRequest => "confirm",
        LeaseRevokeRequest revoke => $"revoke {revoke.ID:x}",
        LeaseGrantRequest => "grant",
        _ => "log in",
    };

    private RangeResponse Range(EtcdMember member, RangeRequest request)
    {
        if (cluster.TakeLeaderChange())
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "etcdserver: leader changed"));
        }

        var response = new RangeResponse { Header = cluster.Header(member) };
        response.Kvs.AddRange(cluster.Store.Range(EtcdRange.Of(request.Key, request.RangeEnd)).Select(entry => entry.Event.Kv));
        response.Count = response.Kvs.Count;
        return response;
    }

    private PutResponse Put(Call call, EtcdMember member, PutRequest request)
    {
        RequireLease(request.Lease);
        cluster.Write(cluster.Store.Put(request.Key, request.Value, request.Lease, call));
        return new PutResponse { Header = cluster.Header(member) };
    }

    private DeleteRangeResponse Delete(Call call, EtcdMember member, DeleteRangeRequest request)
    {
        EtcdChange[] entries = [.. cluster.Store.Range(EtcdRange.Of(request.Key, request.RangeEnd))];
        cluster.Delete(entries, call, Removal.Revoked);
        return new DeleteRangeResponse { Header = cluster.Header(member), Deleted = entries.Length };
    }

    private TxnResponse Transact(Call call, EtcdMember member, TxnRequest request)
    {
        var holds = request.Compare.All(Holds);
        var response = new TxnResponse { Succeeded = holds };
        foreach (var operation in holds ? request.Success : request.Failure)
        {
            response.Responses.Add(operation switch
            {
                { RequestPut: { } put } => new ResponseOp { ResponsePut = Put(call, member, put) },
                { RequestDeleteRange: { } deletion } => new ResponseOp { ResponseDeleteRange = Delete(call, member, deletion) },
                { RequestRange: { } range } => new ResponseOp { ResponseRange = Range(member, range) },
                _ => throw new NotSupportedException(operation.ToString()),
            });
        }

        response.Header = cluster.Header(member);
        return response;
    }

    // A key that is not there compares as one of zeros.
    private bool Holds(Compare compare)
    {
        var entry = cluster.Store.Find(compare.Key.ToStringUtf8())?.Event.Kv;
        return (compare.Target, compare.Result) switch
        {
            (Compare.Types.CompareTarget.Lease, Compare.Types.CompareResult.Equal) => (entry?.Lease ?? 0) == compare.Lease,
            (Compare.Types.CompareTarget.Mod, Compare.Types.CompareResult.Equal) => (entry?.ModRevision ?? 0) == compare.ModRevision,
            _ => throw new NotSupportedException(compare.ToString()),
        };
    }

    private LeaseGrantResponse Grant(EtcdMember member, LeaseGrantRequest request)
    {
        var lease = cluster.Leases.Grant(request.TTL, cluster.Store.Revision);
        return new LeaseGrantResponse { Header = cluster.Header(member), ID = lease.Id, TTL = lease.Ttl };
    }

    private LeaseRevokeResponse Revoke(EtcdMember member, LeaseRevokeRequest request)
    {
        cluster.End(RequireLease(request.ID), Removal.Revoked);
        return new LeaseRevokeResponse { Header = cluster.Header(member) };
    }

    private ModelLease RequireLease(long id) =>
        cluster.Leases.Find(id) ?? throw new RpcException(new Status(StatusCode.NotFound, "etcdserver: requested lease not found"));
}
