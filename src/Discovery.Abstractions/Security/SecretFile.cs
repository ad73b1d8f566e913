namespace Discovery.Security;

/// <summary>A secret kept in a file, such as one that an orchestrator mounts and replaces: read again when the file has changed.</summary>
public sealed class SecretFile
{
    private readonly string _path;
    private readonly Lock _gate = new();
    private (DateTime WrittenAt, long Length)? _version;
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
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public string Read()
    {
        lock (_gate)
        {
            var file = new FileInfo(_path);
            var version = (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
            if (_version != version)
            {
                _secret = File.ReadAllText(_path).Trim();
                _version = version;
            }

            return _secret;
        }
    }

    /// <summary>Names the file, never its content.</summary>
    public override string ToString() => _path;
}
