using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>go-micro, <c>registry/etcd</c>: <c>/micro/registry/{service}/{node}</c>, the value a JSON object of a service with that one node.</summary>
internal sealed class GoMicroLayout : IEtcdLayout
{
    public string Name => "GoMicro";

    public string DefaultKeyPrefix => "/micro/registry";

    public KeyKind KeyedBy => KeyKind.Id;

    public bool SaysHealth => false;

    /// <summary>A name as go-micro writes it into keys.</summary>
    public static string InKey(string name) => name.Replace('/', '-');

    public string Member(ServiceInstance instance, long leaseId) => InKey(instance.Id);

    public bool IsMember(string member) => ForeignMember.IsUsable(member) && !member.Contains('/', StringComparison.Ordinal);

    public byte[] Encode(ServiceInstance instance) =>
        JsonSerializer.SerializeToUtf8Bytes(GoMicroValue.Of(instance), LayoutJsonContext.Default.GoMicroValue);

    public bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason)
    {
        instance = null;
        if (JsonValue.Read(entry, LayoutJsonContext.Default.GoMicroValue, out reason) is { } value)
        {
            reason = value.TryRead(serviceName, id, entry.CreateRevision, out instance);
        }

        return reason is null && instance is not null;
    }
}
