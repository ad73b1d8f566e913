using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>etcd's own <c>client/v3/naming</c>, by which grpc-go resolves <c>etcd:///{service}</c>: <c>{service}/{id}</c>, the value a JSON object with an address.</summary>
internal sealed class GrpcNamingLayout : IEtcdLayout
{
    private const string Scheme = "grpc";

    public string Name => "GrpcNaming";

    public string DefaultKeyPrefix => "";

    public KeyKind KeyedBy => KeyKind.Id;

    public bool SaysHealth => false;

    public string Member(ServiceInstance instance, long leaseId) => instance.Id;

    public bool IsMember(string member) => ForeignMember.IsUsable(member);

    public byte[] Encode(ServiceInstance instance) => JsonSerializer.SerializeToUtf8Bytes(
        new GrpcNamingValue { Addr = HostPort.Format(HostPort.Choose(instance, Scheme, "grpcs")) }, LayoutJsonContext.Default.GrpcNamingValue);

    public bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason)
    {
        instance = null;
        var value = JsonValue.Read(entry, LayoutJsonContext.Default.GrpcNamingValue, out reason);
        if (value is null || HostPort.Parse(value.Addr, Scheme) is not { } endpoint)
        {
            reason ??= "its Addr is not host:port";
            return false;
        }

        var labels = value.ReadLabels();
        instance = new ServiceInstance
        {
            ServiceName = serviceName,
            Id = id,
            Endpoints = [endpoint],
            Version = labels?.GetValueOrDefault(Labels.Version),
            Zone = labels?.GetValueOrDefault(Labels.Zone),
            Weight = Labels.ReadWeight(labels?.GetValueOrDefault(Labels.Weight)) ?? ServiceInstance.DefaultWeight,
            Metadata = Labels.ReadMetadata(labels, Labels.Version, Labels.Zone, Labels.Weight),
            Incarnation = entry.CreateRevision,
        };
        return true;
    }
}
