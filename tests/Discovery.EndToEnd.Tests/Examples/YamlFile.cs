using System.Text.Json;
using Discovery.Testing;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Discovery.EndToEnd.Tests.Examples;

/// <summary>A YAML file of the folder examples, anchors and merges resolved, as JSON.</summary>
internal static class YamlFile
{
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    /// <summary>Its documents.</summary>
    public static IReadOnlyList<JsonElement> Read(string path)
    {
        using var text = File.OpenText(Path.Combine(RepositoryFiles.Root, "examples", path));
        var parser = new MergingParser(new Parser(text));
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var documents = new List<JsonElement>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            documents.Add(JsonDocument.Parse(Json.Serialize(deserializer.Deserialize<object>(parser))).RootElement);
        }

        return documents;
    }
}
