using Grpc.Core;

namespace Discovery.Simulation.Etcd;

/// <summary>Who may ask. etcd's own tokens live in memory: a restart ends them all.</summary>
internal sealed class EtcdUsers(bool areChecked)
{
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private int _given;

    public bool AreChecked => areChecked;

    public string LogIn()
    {
        var token = $"token-{++_given}";
        _tokens.Add(token);
        return token;
    }

    /// <summary>All tokens are as good as unknown.</summary>
    public void ExpireTokens() => _tokens.Clear();

    /// <summary>Why a request with this token is refused, if it is.</summary>
    public Status? Refusal(string? token) =>
        !areChecked ? null
        : token is null ? new Status(StatusCode.InvalidArgument, "etcdserver: user name is empty")
        : _tokens.Contains(token) ? null : new Status(StatusCode.Unauthenticated, "etcdserver: invalid auth token");
}
