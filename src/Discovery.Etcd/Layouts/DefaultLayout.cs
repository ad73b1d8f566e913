using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary><c>{KeyPrefix}/{service}/{id}</c>, the value a JSON object.</summary>
internal sealed class DefaultLayout : IEtcdLayout
{
    /// <summary>No instance of ours comes near it, and a hostile value costs no more than this to read.</summary>
    public const int MaxValueBytes = 64 * 1024;

    public string Name => "Default";

    public string DefaultKeyPrefix => "/services";

    public string ServicesPrefix(string keyPrefix) => $"{keyPrefix}/";

    public string ServicePrefix(string keyPrefix, string serviceName) => $"{keyPrefix}/{serviceName}/";

    public string Key(string keyPrefix, string serviceName, string id, long leaseId) => $"{keyPrefix}/{serviceName}/{id}";

    public string? ServiceOf(string keyPrefix, string key)
    {
        var start = keyPrefix.Length + 1;
        var end = key.StartsWith(ServicesPrefix(keyPrefix), StringComparison.Ordinal) ? key.IndexOf('/', start) : -1;
        return end > 0 && ServiceName.IsInstanceId(key[(end + 1)..]) && ServiceName.TryNormalize(key[start..end], out var name) && name == key[start..end] ? name : null;
    }

    public string? IdOf(string keyPrefix, string serviceName, string key)
    {
        var prefix = ServicePrefix(keyPrefix, serviceName);
        return key.StartsWith(prefix, StringComparison.Ordinal) && key[prefix.Length..] is var id && ServiceName.IsInstanceId(id) ? id : null;
    }

    public byte[] Encode(ServiceInstance instance) =>
        JsonSerializer.SerializeToUtf8Bytes(DefaultValue.Of(instance), DefaultValueContext.Default.DefaultValue);

    public bool TryDecode(
        string serviceName, string id, KeyValue entry, [NotNullWhen(true)] out ServiceInstance? instance, [NotNullWhen(false)] out string? reason)
    {
        instance = null;
        if (entry.Value.Length > MaxValueBytes)
        {
            reason = $"it is {entry.Value.Length} bytes long, and {MaxValueBytes} are allowed";
            return false;
        }

        try
        {
            var value = JsonSerializer.Deserialize(entry.Value.Span, DefaultValueContext.Default.DefaultValue);
            reason = value is null ? "it is null" : value.TryRead(serviceName, id, entry.CreateRevision, out instance);
        }
        catch (JsonException e)
        {
            reason = $"it is not the JSON expected at {e.Path ?? "its start"}";
        }

        return reason is null && instance is not null;
    }
}
