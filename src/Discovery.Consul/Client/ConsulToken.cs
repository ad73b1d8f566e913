using Discovery.Security;

namespace Discovery.Consul.Client;

/// <summary>The ACL token, from its setting or its file. Shows itself to nobody but the agent.</summary>
internal sealed class ConsulToken(ConsulOptions options)
{
    private readonly string? _token = options.Token;
    private readonly SecretFile? _file = options is { Token: null, TokenFile: { Length: > 0 } path } ? new SecretFile(path) : null;
    private readonly Lock _gate = new();
    private string? _lastRead;
    private string? _readBefore; // answers to calls that carried it may still come

    private List<string> Secrets => [.. new[] { _token, _lastRead, _readBefore }.OfType<string>().Where(secret => secret.Length > 0)];

    /// <summary>The token, or null for none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public string? Read()
    {
        if (_file is null)
        {
            return _token;
        }

        var secret = _file.Read() is { Length: > 0 } content ? content : null;
        lock (_gate)
        {
            if (secret != _lastRead)
            {
                (_readBefore, _lastRead) = (_lastRead, secret);
            }
        }

        return secret;
    }

    /// <summary>The text without the token, for an agent that echoes what it was sent.</summary>
    public string Redact(string text)
    {
        foreach (var secret in Secrets)
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Whether an exception, or one that caused it, would show the token.</summary>
    public bool IsIn(Exception exception)
    {
        // Written out with its stack an exception is long, and while an agent is down there are many: only where there is something to hide.
        var secrets = Secrets;
        return secrets.Count > 0 && exception.ToString() is var text && secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal));
    }

    public override string ToString() => _file is null ? "token" : $"token in {_file}";
}
