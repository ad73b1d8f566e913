namespace Discovery.Local;

/// <summary>The embedded registry's settings, section <c>Discovery:Local</c>.</summary>
public sealed class LocalOptions
{
    /// <summary>The section that the options are bound to.</summary>
    public const string SectionName = "Discovery:Local";

    internal const string DirectoryPath = $"{SectionName}:{nameof(Directory)}";

    /// <summary>
    /// The absolute path of the folder that holds the leases. It is created where it is missing, and refused when it belongs to another user
    /// or others may write to it. The default is <c>discovery-hosting</c> in the user's local application data; where the user has no home,
    /// a folder of the user's among the temporary ones. Processes find one another when they name the same folder and run as the same user.
    /// </summary>
    public string? Directory { get; set; }
}
