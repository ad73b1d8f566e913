using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

/// <summary>The value of <see cref="GrpcNamingLayout"/>: the <c>Update</c> of etcd's naming, its members in its order.</summary>
internal sealed record GrpcNamingValue
{
    [JsonPropertyName("Op"), JsonPropertyOrder(0)]
    public int Op { get; init; }

    [JsonPropertyName("Addr"), JsonPropertyOrder(1)]
    public string? Addr { get; init; }

    /// <summary>Whatever its writer likes; null from us, as grpc-go's balancers of old use it as the key of a map, which panics on an object.</summary>
    [JsonPropertyName("Metadata"), JsonPropertyOrder(2)]
    public JsonElement? Metadata { get; init; }

    /// <summary>The members of an object that are texts or numbers; null where it is none, or has more than allowed.</summary>
    public Dictionary<string, string?>? ReadLabels()
    {
        if (Metadata is not { ValueKind: JsonValueKind.Object } given)
        {
            return null;
        }

        var labels = new Dictionary<string, string?>();
        try
        {
            foreach (var member in given.EnumerateObject().Where(member => member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number))
            {
                labels[member.Name] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText();
            }
        }
        catch (InvalidOperationException)
        {
            return null; // JSON by its grammar, but a text in it is half a character
        }

        return labels.Count <= JsonValue.MaxLabels ? labels : null;
    }
}
