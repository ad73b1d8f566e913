using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>Our own: <c>{KeyPrefix}/{service}/{id}</c>, the value a JSON object that says all an instance has to say.</summary>
internal sealed class DefaultLayout : IEtcdLayout
{
    public string Name => "Default";

    public string DefaultKeyPrefix => "/services";

    public KeyKind KeyedBy => KeyKind.Id;

    public bool SaysHealth => true;

    public string Member(ServiceInstance instance, long leaseId) => instance.Id;

    public bool IsMember(string member) => ServiceName.IsInstanceId(member);

    public byte[] Encode(ServiceInstance instance) =>
        JsonSerializer.SerializeToUtf8Bytes(DefaultValue.Of(instance), LayoutJsonContext.Default.DefaultValue);

    public bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason)
    {
        instance = null;
        if (JsonValue.Read(entry, LayoutJsonContext.Default.DefaultValue, out reason) is { } value)
        {
            reason = value.TryRead(serviceName, id, entry.CreateRevision, out instance);
        }

        return reason is null && instance is not null;
    }
}
