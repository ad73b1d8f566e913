using Discovery.Security;

namespace Discovery.Consul.Client;

/// <summary>The ACL token, from its setting or its file. Shows itself to nobody but the agent.</summary>
internal sealed class ConsulToken(ConsulOptions options)
{
    private readonly string? _token = options.Token;
    private readonly SecretFile? _file = options is { Token: null, TokenFile: { Length: > 0 } path } ? new SecretFile(path) : null;
    private string? _lastRead;

    /// <summary>The token, or null for none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public string? Read() => _file is null ? _token : _lastRead = _file.Read() is { Length: > 0 } secret ? secret : null;

    /// <summary>The text without the token, for an agent that echoes what it was sent.</summary>
    public string Redact(string text)
    {
        foreach (var secret in (ReadOnlySpan<string?>)[_token, _lastRead])
        {
            text = secret is { Length: > 0 } ? text.Replace(secret, "***", StringComparison.Ordinal) : text;
        }

        return text;
    }

    public override string ToString() => _file is null ? "token" : $"token in {_file}";
}
