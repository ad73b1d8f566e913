using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>CloudWeGo's <c>registry-etcd</c>, which kitex and hertz have each their own of: <c>{prefix}/{service}/{host:port}</c>, the value a JSON object.</summary>
internal sealed class CloudWeGoLayout : IEtcdLayout
{
    private readonly string _scheme;
    private readonly Func<ServiceInstance, Uri> _choose;
    private readonly Func<Uri, string> _format;

    private CloudWeGoLayout(string name, string scheme, Func<ServiceInstance, Uri> choose, Func<Uri, string> format)
    {
        Name = name;
        DefaultKeyPrefix = $"{name.ToLowerInvariant()}/registry-etcd";
        _scheme = scheme;
        _choose = choose;
        _format = format;
    }

    /// <summary>What a kitex server speaks is not said; it goes over TCP. IPv6 addresses have no brackets.</summary>
    public static CloudWeGoLayout Kitex { get; } = new("Kitex", "tcp", instance => instance.Endpoints[0], HostPort.FormatWithoutBrackets);

    /// <summary>hertz serves HTTP.</summary>
    public static CloudWeGoLayout Hertz { get; } = new("Hertz", "http", instance => HostPort.Choose(instance, "http", "https"), HostPort.Format);

    public string Name { get; }

    public string DefaultKeyPrefix { get; }

    public KeyKind KeyedBy => KeyKind.Address;

    public bool SaysHealth => false;

    public string Member(ServiceInstance instance, long leaseId) => _format(_choose(instance));

    public bool IsMember(string member) => ForeignMember.IsUsable(member) && !member.Contains('/', StringComparison.Ordinal);

    public byte[] Encode(ServiceInstance instance)
    {
        var endpoint = _choose(instance);
        return JsonSerializer.SerializeToUtf8Bytes(
            CloudWeGoValue.Of(instance, endpoint, _format(endpoint), _scheme), LayoutJsonContext.Default.CloudWeGoValue);
    }

    public bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason)
    {
        instance = null;
        if (JsonValue.Read(entry, LayoutJsonContext.Default.CloudWeGoValue, out reason) is { } value)
        {
            reason = value.TryRead(serviceName, id, _scheme, entry.CreateRevision, out instance);
        }

        return reason is null && instance is not null;
    }
}
