using System.Collections.ObjectModel;
using System.Globalization;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Peers;

/// <summary>What a service says of itself in tags and metadata, in whichever framework's way.</summary>
internal sealed class PeerReading
{
    private readonly Dictionary<string, string?> _encoded = [];
    private readonly List<string> _tags = [];
    private readonly List<string> _added = [];
    private readonly Dictionary<string, string?> _meta;

    public PeerReading(CatalogService service)
    {
        _meta = service.Meta ?? [];
        List<string> tags = [.. (service.Tags ?? []).OfType<string>()];
        Version = _meta.GetValueOrDefault(MetaKeys.Version);
        Zone = _meta.GetValueOrDefault(MetaKeys.Zone);
        if (_meta.GetValueOrDefault(MetaKeys.Added) is { } added && added.Split(',') is [var count, .. var keys]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var leading))
        {
            _tags = [.. tags.Skip(leading)]; // what we have written for others says nothing new to us
            _added.AddRange(keys);
            return;
        }

        if (HasPlainEndpoints(service))
        {
            _tags = tags;
            return;
        }

        string? encodedVersion = null;
        foreach (var tag in tags)
        {
            if (GoMicroTag.TryReadVersion(tag, out var version))
            {
                encodedVersion ??= version == "latest" ? null : version;
            }
            else if (!GoMicroTag.TryReadMetadata(tag, _encoded) && !GoMicroTag.IsMethod(tag))
            {
                _tags.Add(tag);
            }
        }

        Version ??= encodedVersion ?? FindLabel(MetaKeys.Version);
        Zone ??= _encoded.GetValueOrDefault(MetaKeys.Zone) ?? FindLabel(MetaKeys.Zone);
        Scheme = _encoded.Count > 0 ? GoMicroProtocol.SchemeOf(_encoded) : null;
    }

    public string? Version { get; }

    public string? Zone { get; }

    /// <summary>What the service's own address is called by; null where it is not said.</summary>
    public string? Scheme { get; }

    /// <summary>The tags that are labels to people.</summary>
    public IReadOnlyList<string> Tags => _tags;

    /// <summary>The metadata, without what has a place of its own in an instance.</summary>
    public ReadOnlyDictionary<string, string> ReadMetadata()
    {
        var metadata = new Dictionary<string, string>(_meta.Count + _encoded.Count);
        foreach (var (key, value) in _encoded.Concat(_meta))
        {
            if (value is not null && !MetaKeys.IsOurs(key) && !_added.Contains(key) && !(_encoded.Count > 0 && GoMicroProtocol.IsKey(key)))
            {
                metadata[key] = value;
            }
        }

        return metadata.AsReadOnly();
    }

    // Nobody but us writes them: a tag of such a service is a label and nothing else.
    private static bool HasPlainEndpoints(CatalogService service) => service.TaggedAddresses is { } addresses
        && addresses.Any(pair => EndpointTag.TryParse(pair.Key, out _, out _) && pair.Value.Address?.Contains("://", StringComparison.Ordinal) == false);

    // kratos writes "version=v1", kitex and hertz "version:v1".
    private string? FindLabel(string key) =>
        _tags.Find(tag => tag.Length > key.Length + 1 && tag.StartsWith(key, StringComparison.Ordinal) && tag[key.Length] is ('=' or ':')) is { } tag
            ? tag[(key.Length + 1)..]
            : null;
}
