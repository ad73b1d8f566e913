using Discovery.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Local.Configuration;

/// <summary>Refuses a folder that no process, or not every process, could find.</summary>
internal sealed class LocalOptionsValidator : IValidateOptions<LocalOptions>
{
    private const string Allowed = "the absolute path of a folder, or nothing for the user's own";

    public ValidateOptionsResult Validate(string? name, LocalOptions options) =>
        options.Directory is { } directory && directory.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) < 0
            && Path.IsPathFullyQualified(directory) && !File.Exists(directory)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(SettingFormat.Message(LocalOptions.DirectoryPath, options.Directory, Allowed));
}
