using System.Diagnostics.CodeAnalysis;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>How instances stand in etcd: the keys and the values, as one family of clients agrees on them. Writing is exact, reading tolerant.</summary>
internal interface IEtcdLayout
{
    /// <summary>What <c>Discovery:Etcd:Layout</c> calls it.</summary>
    string Name { get; }

    /// <summary>What keys start with where <c>Discovery:Etcd:KeyPrefix</c> is not set; no slash at its end. Empty where keys start with the service.</summary>
    string DefaultKeyPrefix { get; }

    /// <summary>What <see cref="Member"/> is made of.</summary>
    KeyKind KeyedBy { get; }

    /// <summary>Whether a value can say that its instance is unhealthy. Where it cannot, the key of an unhealthy instance is absent.</summary>
    bool SaysHealth { get; }

    /// <summary>The last part of an instance's key.</summary>
    string Member(ServiceInstance instance, long leaseId);

    /// <summary>Whether an instance can stand at a key that ends so; what that key says is then its ID.</summary>
    bool IsMember(string member);

    byte[] Encode(ServiceInstance instance);

    /// <summary>Reads what anybody may have written. Never throws.</summary>
    /// <param name="serviceName">The service that the key belongs to.</param>
    /// <param name="id">The last part of the key.</param>
    /// <param name="entry">The key with its value and revisions.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="reason">Why it is none that can be used.</param>
    bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason);
}
