using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Discovery.Local.Leases;

/// <summary>The name of the file that holds a lease: <c>lease~{service}~{ID, readable}~{ID, hashed}.json</c>.</summary>
/// <remarks>
/// The hash tells IDs apart that differ by case or by a character no file name can hold; the readable part is for people only.
/// </remarks>
internal static class LeaseFileName
{
    private const string Start = "lease~";
    private const string End = ".json";
    private const string TemporaryEnd = ".tmp";
    private const char Separator = '~';
    private const int ReadableLength = 80;
    private const int HashBytes = 16;

    public static string Of(string serviceName, string id)
    {
        var readable = string.Create(Math.Min(id.Length, ReadableLength), id, static (span, id) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(id[i]) || id[i] is '.' or '_' or '-' ? char.ToLowerInvariant(id[i]) : '_';
            }
        });
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, HashBytes));
        return $"{Start}{serviceName}{Separator}{readable}{Separator}{hash}{End}";
    }

    /// <summary>A name under which the file is written before it gets its own.</summary>
    public static string Temporary(string fileName) => $"{fileName}.{Guid.NewGuid():N}{TemporaryEnd}";

    /// <summary>Whether it is a file that was being written or removed, and has been left if nobody holds it.</summary>
    public static bool IsTemporary(ReadOnlySpan<char> fileName) =>
        fileName.StartsWith(Start, StringComparison.Ordinal) && fileName.EndsWith(TemporaryEnd, StringComparison.Ordinal);

    /// <summary>The service of the lease in the file; false when it is another kind of file.</summary>
    public static bool TryGetServiceName(string fileName, [NotNullWhen(true)] out string? serviceName)
    {
        serviceName = null;
        if (!fileName.StartsWith(Start, StringComparison.Ordinal) || !fileName.EndsWith(End, StringComparison.Ordinal))
        {
            return false;
        }

        var end = fileName.IndexOf(Separator, Start.Length);
        if (end < 0)
        {
            return false;
        }

        serviceName = fileName[Start.Length..end];
        return true;
    }
}
