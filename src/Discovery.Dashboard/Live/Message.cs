using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Discovery.Dashboard.Live;

/// <summary>Server-sent events as they are written.</summary>
internal static class Message
{
    /// <summary>Says that the stream is alive.</summary>
    public static ReadOnlyMemory<byte> Beat { get; } = "event: beat\ndata: {}\n\n"u8.ToArray();

    public static ReadOnlyMemory<byte> Of<T>(string name, T value, JsonTypeInfo<T> type)
    {
        var message = new ArrayBufferWriter<byte>();
        message.Write("event: "u8);
        message.Write(System.Text.Encoding.ASCII.GetBytes(name));
        message.Write("\ndata: "u8);

        // JSON has no line break that is not escaped, so that one line of data holds it.
        using (var json = new Utf8JsonWriter(message))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        message.Write("\n\n"u8);
        return message.WrittenMemory.ToArray();
    }
}
