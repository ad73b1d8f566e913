using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Peers;

/// <summary>How go-micro puts labels into tags: a letter, a dash, and the hexadecimal digits of compressed text.</summary>
/// <remarks>
/// <c>t-</c> is a pair of metadata as JSON, <c>v-</c> the version, <c>e-</c> a method. Its decoder takes the first tag with a letter for the
/// spelling of all that have it, so that these tags come first; and it panics at a tag that is <c>t</c> or <c>e</c> alone.
/// </remarks>
internal static class GoMicroTag
{
    // Of anybody's writing. Compressed, a thousand times as much fits into a tag.
    private const int MaxTextLength = 4096;
    private const int MaxTagLength = 2 * MaxTextLength;

    public static string Version(string version) => $"v-{Encode(Encoding.UTF8.GetBytes(version))}";

    public static string Metadata(string key, string value) => $"t-{Encode(
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string?> { [key] = value }, ConsulJsonContext.Default.DictionaryStringString))}";

    /// <summary>Whether go-micro panics at the tag.</summary>
    public static bool IsFatal(string tag) => tag is "t" or "e";

    public static bool TryReadVersion(string tag, out string version)
    {
        version = tag.StartsWith("v-", StringComparison.Ordinal) && Decode(tag) is { } text ? Encoding.UTF8.GetString(text) : "";
        return version.Length > 0;
    }

    public static bool TryReadMetadata(string tag, Dictionary<string, string?> metadata)
    {
        if (!tag.StartsWith("t-", StringComparison.Ordinal) || Decode(tag) is not { } text)
        {
            return false;
        }

        try
        {
            foreach (var (key, value) in JsonSerializer.Deserialize(text, ConsulJsonContext.Default.DictionaryStringString) ?? [])
            {
                metadata[key] = value;
            }

            return true;
        }
        catch (JsonException)
        {
            return false; // a tag of somebody who means something else by it
        }
    }

    /// <summary>Whether the tag describes a method, which nobody here has a use for.</summary>
    public static bool IsMethod(string tag) => tag.StartsWith("e-", StringComparison.Ordinal) && Decode(tag) is not null;

    private static string Encode(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(text);
        }

        return Convert.ToHexStringLower(packed.ToArray());
    }

    private static byte[]? Decode(string tag)
    {
        var packed = new byte[Math.Min(tag.Length, MaxTagLength) / 2];
        if (tag.Length > MaxTagLength
            || Convert.FromHexString(tag.AsSpan(2), packed, out _, out var length) != OperationStatus.Done)
        {
            return null;
        }

        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed, 0, length), CompressionMode.Decompress);
            var text = new byte[MaxTextLength + 1];
            var read = zlib.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return read is > 0 and <= MaxTextLength ? text[..read] : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null; // a tag of somebody who means something else by it; a stream that asks for a dictionary is an IOException
        }
    }
}
