using System.Collections.ObjectModel;
using System.Globalization;

namespace Discovery.Etcd.Layouts;

/// <summary>What a layout has no member of its own for stands, beside the metadata, in the map of strings that it has.</summary>
internal static class Labels
{
    public const string Version = "version";
    public const string Zone = "zone";
    public const string Weight = "weight";
    public const string Scheme = "scheme";

    private const int MaxWeight = 1000;

    public static string Text(int weight) => weight.ToString(CultureInfo.InvariantCulture);

    public static void Add(Dictionary<string, string?> labels, string name, string? value)
    {
        if (value is not null)
        {
            labels[name] = value;
        }
    }

    /// <summary>Adds the metadata, but for what the layout has said under the same name.</summary>
    public static void AddMetadata(Dictionary<string, string?> labels, ServiceInstance instance)
    {
        foreach (var (name, value) in instance.Metadata)
        {
            labels.TryAdd(name, value);
        }
    }

    /// <summary>The weight that a text says, within what is allowed; null where it says none.</summary>
    public static int? ReadWeight(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) ? Math.Min(weight, MaxWeight) : null;

    /// <summary>The scheme that a text names, or another.</summary>
    public static string ReadScheme(string? text, string otherwise) => text is not null && EndpointUri.IsScheme(text) ? text : otherwise;

    /// <summary>What of the labels is metadata.</summary>
    /// <param name="labels">Anybody's writing.</param>
    /// <param name="others">The names of what is not.</param>
    public static IReadOnlyDictionary<string, string> ReadMetadata(IReadOnlyDictionary<string, string?>? labels, params ReadOnlySpan<string> others)
    {
        if (labels is not { Count: > 0 })
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        var metadata = new Dictionary<string, string>(labels.Count);
        foreach (var (name, value) in labels)
        {
            if (!others.Contains(name))
            {
                metadata.Add(name, value ?? "");
            }
        }

        return metadata;
    }
}
