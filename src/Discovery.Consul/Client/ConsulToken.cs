using Discovery.Security;

namespace Discovery.Consul.Client;

/// <summary>The ACL token, from its setting or its file. Shows itself to nobody but the agent.</summary>
internal sealed class ConsulToken(ConsulOptions options)
{
    private readonly string? _token = options.Token;
    private readonly SecretFile? _file = options is { Token: null, TokenFile: { Length: > 0 } path } ? new SecretFile(path) : null;

    /// <summary>The token, or null for none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public string? Read() => _file?.Read() is { Length: > 0 } secret ? secret : _token;

    public override string ToString() => _file is null ? "token" : $"token in {_file}";
}
