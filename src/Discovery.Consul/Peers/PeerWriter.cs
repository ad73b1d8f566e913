using System.Globalization;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Peers;

/// <summary>What a registration says besides so that other frameworks find what they look for.</summary>
internal sealed class PeerWriter(ConsulPeers peers)
{
    // The words of other frameworks.
    private const string Secure = "secure";
    private const string Weight = "weight";
    private const string LatestVersion = "latest";

    public bool IsNeeded => peers != ConsulPeers.None;

    /// <summary>An endpoint's address: kratos takes nothing but whole URLs.</summary>
    public ServiceAddress Address(TaggedAddress endpoint)
    {
        if (!peers.HasFlag(ConsulPeers.Kratos))
        {
            return endpoint.Address;
        }

        var (host, port) = endpoint.Address;
        host = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return endpoint.Address with { Address = string.Create(CultureInfo.InvariantCulture, $"{endpoint.Scheme}://{host}:{port}") };
    }

    /// <summary>The tags to come before the instance's own, go-micro's first.</summary>
    public IReadOnlyList<string> Tags(ServiceInstance instance)
    {
        var tags = new List<string>();
        if (peers.HasFlag(ConsulPeers.GoMicro))
        {
            var metadata = GoMicroProtocol.Describe(instance.Endpoints[0].Scheme).ToDictionary(pair => pair.Key, pair => pair.Value);
            foreach (var (key, value) in Labels(instance))
            {
                metadata.TryAdd(key, value);
            }

            tags.AddRange(metadata.Select(pair => GoMicroTag.Metadata(pair.Key, pair.Value)));
            tags.Add(GoMicroTag.Version(instance.Version ?? LatestVersion));
        }

        if (peers.HasFlag(ConsulPeers.Kratos) && instance.Version is { } version)
        {
            tags.Add($"version={version}");
        }

        if (peers.HasFlag(ConsulPeers.Kitex))
        {
            tags.AddRange(Labels(instance).Prepend((MetaKeys.Version, instance.Version!)).Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}:{pair.Item2}"));
        }

        return tags;
    }

    /// <summary>Why the instance would break what it is also written for, or null.</summary>
    public string? FindFault(ServiceInstance instance) =>
        peers.HasFlag(ConsulPeers.GoMicro) && instance.Tags.FirstOrDefault(GoMicroTag.IsFatal) is { } fatal
            ? $"go-micro's clients, for which it is also written, panic at the tag '{fatal}'."
            : null;

    /// <summary>The metadata besides the instance's own.</summary>
    public IReadOnlyList<(string Key, string Value)> Meta(ServiceInstance instance) => peers.HasFlag(ConsulPeers.Spring)
        ? [(Secure, instance.Endpoints[0].Scheme is "https" or "grpcs" ? "true" : "false"), (Weight, instance.Weight.ToString(CultureInfo.InvariantCulture))]
        : [];

    private static IEnumerable<(string, string)> Labels(ServiceInstance instance) =>
        instance.Metadata.Select(pair => (pair.Key, pair.Value)).Prepend((MetaKeys.Zone, instance.Zone!)).Where(pair => pair.Item2 is not null);
}
