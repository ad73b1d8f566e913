using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mvccpb;

namespace Discovery.Etcd.Layouts;

/// <summary>Reads values that are JSON, within limits: anybody may have written them.</summary>
internal static class JsonValue
{
    /// <summary>No instance of ours comes near it, and a hostile value costs no more than this to read.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The most endpoints, or nodes, of one value.</summary>
    public const int MaxEndpoints = InstanceLimits.MaxEndpoints;

    /// <summary>The most tags, or pairs of metadata, of one value.</summary>
    public const int MaxLabels = InstanceLimits.MaxMetadata;

    /// <returns>The value, or null with the reason why it is none.</returns>
    public static T? Read<T>(KeyValue entry, JsonTypeInfo<T> type, out string? reason)
        where T : class
    {
        if (entry.Value.Length > MaxBytes)
        {
            reason = $"it is {entry.Value.Length} bytes long, and {MaxBytes} are allowed";
            return null;
        }

        try
        {
            var value = JsonSerializer.Deserialize(entry.Value.Span, type);
            reason = value is null ? "it is null" : null;
            return value;
        }
        catch (JsonException e)
        {
            reason = $"it is not the JSON expected at {e.Path ?? "its start"}";
            return null;
        }
    }
}
