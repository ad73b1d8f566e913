using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>go-zero, <c>core/discov</c>: <c>{service}/{lease}</c>, the lease in decimal, the value <c>host:port</c>. What stands there is called by gRPC.</summary>
internal sealed class GoZeroLayout : IEtcdLayout
{
    private const string Scheme = "grpc";

    public string Name => "GoZero";

    public string DefaultKeyPrefix => "";

    public KeyKind KeyedBy => KeyKind.Lease;

    public bool SaysHealth => false;

    public string Member(ServiceInstance instance, long leaseId) => leaseId.ToString(CultureInfo.InvariantCulture);

    public bool IsMember(string member) => member.Length is > 0 and <= 20 && member.All(char.IsAsciiDigit);

    public byte[] Encode(ServiceInstance instance) => Encoding.UTF8.GetBytes(HostPort.Format(HostPort.Choose(instance, Scheme, "grpcs")));

    public bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason)
    {
        var endpoint = entry.Value.Length <= EndpointUri.MaxLength ? HostPort.Parse(entry.Value.ToStringUtf8().Trim(), Scheme) : null;
        instance = endpoint is null ? null : new() { ServiceName = serviceName, Id = id, Endpoints = [endpoint], Incarnation = entry.CreateRevision };
        reason = endpoint is null ? "it is not host:port" : null;
        return instance is not null;
    }
}
