namespace Discovery.Security;

/// <summary>A secret kept in a file, such as one that an orchestrator mounts and replaces: read again when the file has changed.</summary>
public sealed class SecretFile
{
    private const int MaxLength = 64 * 1024;

    private readonly string _path;
    private readonly Lock _gate = new();
    private FileVersion? _version;
    private string _secret = "";

    /// <summary>Names the file; it is read when its content is first asked for.</summary>
    public SecretFile(string path) => _path = path;

    /// <summary>What is wrong with the file, as a message that names the setting, or null where it can be read.</summary>
    /// <param name="settingPath">The configuration path of the setting that names the file.</param>
    public string? Validate(string settingPath)
    {
        try
        {
            return Read().Length > 0 ? null : $"{settingPath} is '{_path}', which is empty. Allowed is a readable file that holds the secret.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{settingPath} is '{_path}', which cannot be read: {e.Message.TrimEnd('.')}. Allowed is a readable file that holds the secret.";
        }
    }

    /// <summary>The file's content without surrounding white space.</summary>
    /// <exception cref="IOException">The file cannot be read, or is larger than 64 KB.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public string Read()
    {
        lock (_gate)
        {
            var version = FileVersion.Of(_path);
            if (_version != version)
            {
                _secret = version.Length <= MaxLength
                    ? File.ReadAllText(_path).Trim()
                    : throw new IOException($"it is {version.Length} bytes long, and {MaxLength} are allowed");
                _version = version;
            }

            return _secret;
        }
    }

    /// <summary>Names the file, never its content.</summary>
    public override string ToString() => _path;
}
