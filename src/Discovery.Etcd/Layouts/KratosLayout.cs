using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>kratos, <c>contrib/registry/etcd</c>: <c>/microservices/{service}/{id}</c>, the value a JSON object.</summary>
/// <remarks>
/// kratos lists <c>/microservices/{service}</c> without the slash, keeps what names the service, and fails the whole list at one value
/// that is no JSON. We list with the slash, which is all that kratos ever writes, and pass over such a value.
/// </remarks>
internal sealed class KratosLayout : IEtcdLayout
{
    public string Name => "Kratos";

    public string DefaultKeyPrefix => "/microservices";

    public KeyKind KeyedBy => KeyKind.Id;

    public bool SaysHealth => false;

    public string Member(ServiceInstance instance, long leaseId) => instance.Id;

    public bool IsMember(string member) => ForeignMember.IsUsable(member);

    public byte[] Encode(ServiceInstance instance) =>
        JsonSerializer.SerializeToUtf8Bytes(KratosValue.Of(instance), LayoutJsonContext.Default.KratosValue);

    public bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason)
    {
        instance = null;
        if (JsonValue.Read(entry, LayoutJsonContext.Default.KratosValue, out reason) is { } value)
        {
            reason = value.TryRead(serviceName, id, entry.CreateRevision, out instance);
        }

        return reason is null && instance is not null;
    }
}
