namespace Discovery.Hosting;

/// <summary>What a failure says, on its way into a line of the log where another sentence follows.</summary>
internal static class FailureText
{
    /// <summary>The failure's message, ended by a full stop where it has none of its own: registries and the system say it either way.</summary>
    public static string Of(Exception failure) => failure.Message.TrimEnd() is var text && text.EndsWith('.') ? text : $"{text}.";
}
