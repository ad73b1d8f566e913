using Discovery.Etcd.Layouts;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mvccpb;
using CompareResult = Etcdserverpb.Compare.Types.CompareResult;
using CompareTarget = Etcdserverpb.Compare.Types.CompareTarget;

namespace Discovery.Etcd.Leases;

/// <summary>Where one layout has an instance that stands, or shall stand, under a lease.</summary>
internal sealed class EntryPlace(IEtcdLayout layout, string key)
{
    private readonly ByteString _key = ByteString.CopyFromUtf8(key);

    public string Key => key;

    public bool SaysHealth => layout.SaysHealth;

    /// <summary>Whether the key is there at that health.</summary>
    public bool Stands(HealthStatus health) => SaysHealth || health != HealthStatus.Unhealthy;

    public PutRequest Put(ServiceInstance instance, long leaseId) =>
        new() { Key = _key, Value = UnsafeByteOperations.UnsafeWrap(layout.Encode(instance)), Lease = leaseId };

    /// <summary>What makes the key say how the instance is, if only by its absence.</summary>
    public RequestOp Write(ServiceInstance instance, long leaseId) =>
        Stands(instance.Health) ? new RequestOp { RequestPut = Put(instance, leaseId) } : Delete();

    public RequestOp Delete() => new() { RequestDeleteRange = new DeleteRangeRequest { Key = _key } };

    public RequestOp Read() => new() { RequestRange = new RangeRequest { Key = _key, KeysOnly = true } };

    public Compare IsUnder(long leaseId) => new() { Key = _key, Target = CompareTarget.Lease, Result = CompareResult.Equal, Lease = leaseId };

    public Compare IsAbsent() => new() { Key = _key, Target = CompareTarget.Create, Result = CompareResult.Equal, CreateRevision = 0 };

    public Compare WasWrittenAt(long revision) =>
        new() { Key = _key, Target = CompareTarget.Mod, Result = CompareResult.Equal, ModRevision = revision };

    /// <summary>Holds while the key is as it was read.</summary>
    public Compare IsStill(KeyValue? read) => read is null ? IsAbsent() : WasWrittenAt(read.ModRevision);
}
