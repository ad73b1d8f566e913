using System.Globalization;
using System.Text.Json;

namespace Discovery.Hosting.Tests.Configuration;

/// <summary>One setting, or one section, as ConfigurationSchema.json describes it.</summary>
internal sealed class SchemaNode
{
    private readonly JsonElement _root;
    private readonly JsonElement _node;

    private SchemaNode(JsonElement root, JsonElement node)
    {
        _root = root;
        _node = node;
        if (node.TryGetProperty("$ref", out var reference))
        {
            _node = reference.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name));
        }
    }

    public string? Type => _node.TryGetProperty("type", out var type) ? type.GetString()
        : _node.TryGetProperty("anyOf", out var any) ? any.EnumerateArray().Last().GetProperty("type").GetString() : null;

    public string Description => _node.TryGetProperty("description", out var text) ? text.GetString()! : "";

    public string? Pattern => Find("pattern")?.GetString();

    public JsonElement? Default => Find("default");

    public IReadOnlyList<string> Names => Find("properties") is { } properties ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];

    /// <summary>What may be written, where it is one of a few; what an editor should offer, where it is one of these or others.</summary>
    public IReadOnlyList<string> Values =>
        (Find("enum") ?? (Find("anyOf") is { } any ? any.EnumerateArray().First().GetProperty("enum") : null)) is { } values
            ? [.. values.EnumerateArray().Select(value => value.GetString()!)] : [];

    public SchemaNode? Element => (Find("items") ?? Find("additionalProperties")) is { } element ? new(_root, element) : null;

    public SchemaNode this[string name] => new(_root, _node.GetProperty("properties").GetProperty(name));

    public static SchemaNode Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement.Clone();
        return new(root, root);
    }

    /// <summary>The bounds of a number as texts, and whether the lower one is itself allowed.</summary>
    public (string? Min, string? Max, bool IsMinAllowed) Range
    {
        get
        {
            if (Type is "string")
            {
                var words = Description.Split("Allowed: ") is [_, var allowed] ? allowed.Split(" to ") : [];
                return words is [var min, var max] ? (min, Time(max), true) : (null, null, true);
            }

            return (Number("minimum") ?? Number("exclusiveMinimum"), Number("maximum"), Find("exclusiveMinimum") is null);
        }
    }

    private static string? Time(string text) =>
        TimeSpan.TryParse(text.Split(", ")[0].TrimEnd('.'), CultureInfo.InvariantCulture, out _) ? text.Split(", ")[0].TrimEnd('.') : null;

    private string? Number(string name) => Find(name)?.GetRawText();

    private JsonElement? Find(string name) => _node.TryGetProperty(name, out var found) ? found : null;
}
