namespace Discovery.Security;

/// <summary>Texts of others (a server's answer, a key, a file's content) on their way into a log or a message.</summary>
public static class UntrustedText
{
    /// <summary>The longest that is shown.</summary>
    public const int MaxLength = 500;

    /// <summary>
    /// One line of at most <see cref="MaxLength"/> characters: nobody is to begin a line in a log that is not his, or to hide one. Whatever
    /// breaks lines, is a control character or turns the direction of writing becomes a space.
    /// </summary>
    public static string Line(string? text)
    {
        var shown = text is null ? "" : text.Length <= MaxLength ? text : text[..MaxLength];
        return shown.Any(IsUnfit) ? string.Concat(shown.Select(c => IsUnfit(c) ? ' ' : c)) : shown;
    }

    private static bool IsUnfit(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
