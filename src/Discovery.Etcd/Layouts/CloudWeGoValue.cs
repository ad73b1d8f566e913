using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

/// <summary>The value of <see cref="CloudWeGoLayout"/>: kitex's and hertz's <c>instanceInfo</c>, its members in its order.</summary>
internal sealed record CloudWeGoValue
{
    // Their default weight is 10 where ours is 100: written as it is, an instance of ours would be given ten times the calls of its sibling.
    private const int WeightUnit = ServiceInstance.DefaultWeight / 10;

    [JsonPropertyName("network"), JsonPropertyOrder(0)]
    public string? Network { get; init; }

    [JsonPropertyName("address"), JsonPropertyOrder(1)]
    public string? Address { get; init; }

    [JsonPropertyName("weight"), JsonPropertyOrder(2)]
    public int Weight { get; init; }

    [JsonPropertyName("tags"), JsonPropertyOrder(3)]
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <param name="instance">The instance.</param>
    /// <param name="endpoint">The one of its endpoints that there is a place for.</param>
    /// <param name="address">How the endpoint is written.</param>
    /// <param name="scheme">What it is taken for by whoever reads it.</param>
    public static CloudWeGoValue Of(ServiceInstance instance, Uri endpoint, string address, string scheme)
    {
        // They read 0 as "nothing said", which would be the default.
        var weight = Math.Max(1, (instance.Weight + (WeightUnit / 2)) / WeightUnit);
        var tags = new Dictionary<string, string?>();
        Labels.Add(tags, Labels.Version, instance.Version);
        Labels.Add(tags, Labels.Zone, instance.Zone);
        Labels.Add(tags, Labels.Weight, weight * WeightUnit == instance.Weight ? null : Labels.Text(instance.Weight));
        Labels.Add(tags, Labels.Scheme, endpoint.Scheme == scheme ? null : endpoint.Scheme);
        Labels.AddMetadata(tags, instance);
        return new() { Network = "tcp", Address = address, Weight = weight, Tags = tags.Count == 0 ? null : tags };
    }

    /// <returns>Why it is no instance that can be used, or null.</returns>
    public string? TryRead(string serviceName, string id, string scheme, long createRevision, out ServiceInstance? instance)
    {
        instance = null;
        if (Tags is { Count: > JsonValue.MaxLabels })
        {
            return "it has more tags than allowed";
        }

        if (Network is not (null or "" or "tcp" or "tcp4" or "tcp6")
            || HostPort.Parse(Address, Labels.ReadScheme(Tags?.GetValueOrDefault(Labels.Scheme), scheme)) is not { } endpoint)
        {
            return "its address is not one that callers can use";
        }

        instance = new ServiceInstance
        {
            ServiceName = serviceName,
            Id = id,
            Endpoints = [endpoint],
            Version = Tags?.GetValueOrDefault(Labels.Version),
            Zone = Tags?.GetValueOrDefault(Labels.Zone),
            Weight = Labels.ReadWeight(Tags?.GetValueOrDefault(Labels.Weight))
                ?? (Weight > 0 ? (int)Math.Min((long)Weight * WeightUnit, 1000) : ServiceInstance.DefaultWeight),
            Metadata = Labels.ReadMetadata(Tags, Labels.Version, Labels.Zone, Labels.Weight, Labels.Scheme),
            Incarnation = createRevision,
        };
        return null;
    }
}
