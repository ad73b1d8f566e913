using System.Text.Json;
using System.Text.RegularExpressions;
using Discovery.Testing;

namespace Discovery.Hosting.Tests.Configuration;

/// <summary>Settings that documents and examples show are settings that there are, of the type that they have and with a value that is known.</summary>
public sealed partial class DocumentedSettingsTests
{
    private static readonly SchemaNode Schema = SchemaNode.Read(Path.Combine(RepositoryFiles.Root, "src", "Discovery.Hosting", "ConfigurationSchema.json"))["Discovery"];

    public static TheoryData<string, string> Snippets =>
    [
        .. MarkdownFiles.All.SelectMany(path => Json().Matches(RepositoryFiles.Read(path)).Select(block => (path, block.Groups[1].Value))),
        .. Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "examples"), "appsettings*.json", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryFiles.Root, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !path.Split('/').Intersect(["bin", "obj"]).Any())
            .Select(path => (path, RepositoryFiles.Read(path))),
    ];

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Settings_OfADocument_AreThoseOfTheSchema(string document, string json)
    {
        using var settings = JsonDocument.Parse(json);
        Assert.True(settings.RootElement.ValueKind == JsonValueKind.Object, document);
        if (settings.RootElement.TryGetProperty("Discovery", out var section))
        {
            Check("Discovery", section, Schema, ownNames: document.StartsWith("examples/CustomRegistry/", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Snippets_AreFound() => Assert.InRange(Snippets.Count, 10, int.MaxValue);

    // An example has a registry of its own, which a setting names.
    private static void Check(string path, JsonElement value, SchemaNode node, bool ownNames)
    {
        var kind = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => node.Type is "integer" && value.TryGetInt64(out _) ? "integer" : "number",
            _ => "null",
        };
        Assert.True(kind == node.Type, $"{path} is of type {kind}, not {node.Type}");
        Assert.True(kind != "string" || node.Values is [] || ownNames || node.Values.Contains(value.GetString()), $"{path} is {value}: known are {string.Join(", ", node.Values)}");
        Assert.True(kind != "string" || node.Pattern is null || Regex.IsMatch(value.GetString()!, node.Pattern), $"{path} is {value}, which is not {node.Pattern}");
        foreach (var inner in kind == "object" ? value.EnumerateObject() : default)
        {
            Assert.True(node.Names.Contains(inner.Name) || node.Element is not null, $"{path}:{inner.Name} is no setting");
            Check($"{path}:{inner.Name}", inner.Value, node.Names.Contains(inner.Name) ? node[inner.Name] : node.Element!, ownNames);
        }

        foreach (var element in kind == "array" ? value.EnumerateArray() : default)
        {
            Check($"{path}:*", element, node.Element!, ownNames);
        }
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
