using System.Globalization;
using System.Text;
using Discovery.Configuration;
using Discovery.Consul.Peers;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Leases;

/// <summary>Writes an instance as Consul has it, and refuses what Consul would refuse or lose.</summary>
internal sealed class RegistrationWriter(ConsulOptions options)
{
    private const int MaxMetaPairs = 64;
    private const int MaxMetaKeyLength = 128;
    private const int MaxMetaValueLength = 512;
    private const string ReservedMetaPrefix = "consul-";

    private readonly CheckWriter _checks = new(options);
    private readonly PeerWriter _peers = new(PeerNames.Parse(options.Compatibility));

    /// <summary>The registration under another ID of the agent.</summary>
    public static ServiceRegistration Under(ServiceRegistration registration, string agentId) =>
        registration with { ID = agentId, Check = registration.Check with { CheckID = CheckWriter.CheckId(agentId) } };

    /// <exception cref="RegistryException">Invalid: the instance cannot stand in Consul as it is.</exception>
    public ServiceRegistration Write(ServiceInstance instance, TimeSpan ttl)
    {
        if (!ServiceName.TryNormalize(instance.ServiceName, out var name))
        {
            throw Invalid(instance, $"'{instance.ServiceName}' is not a service name; allowed are {ServiceName.Allowed}.");
        }

        if (!ServiceName.IsInstanceId(instance.Id))
        {
            throw Invalid(instance, $"'{instance.Id}' is not an instance ID; allowed are {ServiceName.AllowedId}.");
        }

        if (InstanceLimits.Exceeded(instance) is { } excess)
        {
            throw Invalid(instance, $"it {excess}.");
        }

        var addresses = WriteEndpoints(instance);
        if (_peers.FindFault(instance) is { } fault)
        {
            throw Invalid(instance, fault);
        }

        var tags = _peers.Tags(instance);
        var preferred = addresses[0].Address;
        var weight = Math.Max(1, instance.Weight);
        return new ServiceRegistration
        {
            Name = name,
            ID = instance.Id,
            Address = preferred.Address,
            Port = preferred.Port,
            TaggedAddresses = addresses.ToDictionary(a => a.Tag, _peers.Address),
            Tags = tags.Count == 0 ? instance.Tags : [.. tags, .. instance.Tags],
            Meta = WriteMeta(instance, addresses, tags.Count),
            Weights = new ServiceWeights(weight, weight),
            Check = _checks.Write(instance, ttl),
        };
    }

    private static List<TaggedAddress> WriteEndpoints(ServiceInstance instance)
    {
        if (instance.Endpoints.Count == 0)
        {
            throw Invalid(instance, "it has no endpoint.");
        }

        var written = new List<TaggedAddress>(instance.Endpoints.Count);
        foreach (var endpoint in instance.Endpoints)
        {
            if (!endpoint.IsAbsoluteUri || !EndpointUri.IsScheme(endpoint.Scheme) || endpoint.Port is <= 0 or > 65535 || endpoint.IdnHost.Length == 0)
            {
                throw Invalid(instance, $"the endpoint '{SettingFormat.WithoutUser(endpoint.OriginalString)}' has no scheme, host and port that callers can use; schemes are {EndpointUri.AllowedSchemes}.");
            }

            if (endpoint is not { PathAndQuery: "/" or "", Fragment: "", UserInfo: "" })
            {
                throw Invalid(instance, $"the endpoint {endpoint.Scheme}://{endpoint.Authority} has a path, query or user, for which Consul has no place.");
            }

            var ordinal = 1 + written.Count(other => other.Scheme == endpoint.Scheme);
            written.Add(new TaggedAddress(EndpointTag.Create(endpoint.Scheme, ordinal), endpoint.Scheme, new ServiceAddress(endpoint.IdnHost, endpoint.Port)));
        }

        return written;
    }

    private Dictionary<string, string> WriteMeta(ServiceInstance instance, List<TaggedAddress> addresses, int addedTags)
    {
        var meta = new Dictionary<string, string>(instance.Metadata.Count + 2);
        foreach (var (key, value) in instance.Metadata)
        {
            if (MetaKeys.IsOurs(key))
            {
                throw Invalid(instance, $"the metadata key '{key}' is taken; the version and the zone have settings of their own.");
            }

            Add(key, value);
        }

        Add(MetaKeys.Version, instance.Version);
        Add(MetaKeys.Zone, instance.Zone);
        Add(MetaKeys.Weight, instance.Weight <= 1 ? instance.Weight.ToString(CultureInfo.InvariantCulture) : null);
        Add(MetaKeys.EndpointOrder, EndpointReader.ReadsBackInOrder(addresses) ? null : string.Join(',', addresses.Select(a => a.Tag)));
        if (_peers.IsNeeded)
        {
            (string Key, string Value)[] added = [.. _peers.Meta(instance).Where(pair => !meta.ContainsKey(pair.Key))];
            Array.ForEach(added, pair => Add(pair.Key, pair.Value));
            Add(MetaKeys.Added, string.Join(',', added.Select(pair => pair.Key).Prepend(addedTags.ToString(CultureInfo.InvariantCulture))));
        }

        return meta.Count <= MaxMetaPairs
            ? meta
            : throw Invalid(instance, $"it has {meta.Count} metadata pairs (version and zone included); Consul takes {MaxMetaPairs}.");

        void Add(string key, string? value)
        {
            if (value is null)
            {
                return;
            }

            if (key.Length is 0 or > MaxMetaKeyLength || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
                || key.StartsWith(ReservedMetaPrefix, StringComparison.Ordinal))
            {
                throw Invalid(
                    instance,
                    $"the metadata key '{key}' is not one that Consul takes: 1 to {MaxMetaKeyLength} characters A-Z, a-z, 0-9, '_' or '-', not beginning with '{ReservedMetaPrefix}'.");
            }

            if (Encoding.UTF8.GetByteCount(value) is var length and > MaxMetaValueLength)
            {
                throw Invalid(instance, $"the value of '{key}' in the metadata is {length} bytes long; Consul takes {MaxMetaValueLength}.");
            }

            meta.Add(key, value);
        }
    }

    private static RegistryException Invalid(ServiceInstance instance, string reason) =>
        new(RegistryErrorKind.Invalid, $"'{instance.Id}' of '{instance.ServiceName}' cannot be registered in Consul: {reason}");
}
