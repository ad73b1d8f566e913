using System.Diagnostics.CodeAnalysis;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>How instances stand in etcd: the keys and the values, as one family of clients agrees on them. Writing is exact, reading tolerant.</summary>
internal interface IEtcdLayout
{
    /// <summary>What <c>Discovery:Etcd:Layout</c> calls it.</summary>
    string Name { get; }

    /// <summary>What keys start with where <c>Discovery:Etcd:KeyPrefix</c> is not set; no slash at its end.</summary>
    string DefaultKeyPrefix { get; }

    /// <summary>What the keys of all services start with, and no other key does.</summary>
    string ServicesPrefix(string keyPrefix);

    /// <summary>What the keys of one service start with, and those of no other service do.</summary>
    string ServicePrefix(string keyPrefix, string serviceName);

    /// <summary>The key of one instance. Some layouts name it by the lease it stands under.</summary>
    string Key(string keyPrefix, string serviceName, string id, long leaseId);

    /// <summary>The service that a key below <see cref="ServicesPrefix"/> belongs to, or null where it belongs to none.</summary>
    string? ServiceOf(string keyPrefix, string key);

    /// <summary>The ID of the instance that stands at a key below <see cref="ServicePrefix"/>, or null where none can.</summary>
    string? IdOf(string keyPrefix, string serviceName, string key);

    byte[] Encode(ServiceInstance instance);

    /// <summary>Reads what anybody may have written. Never throws.</summary>
    /// <param name="serviceName">The service that the key belongs to.</param>
    /// <param name="id">What <see cref="IdOf"/> says of the key.</param>
    /// <param name="entry">The key with its value and revisions.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="reason">Why it is none that can be used.</param>
    bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason);
}
