using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc.Resolving;

/// <summary>The endpoints that a channel can talk to: addresses have no scheme in gRPC, the channel's credentials decide for all of them.</summary>
internal sealed class ChannelSchemes
{
    private const int SecurePort = 443;

    public static readonly ChannelSchemes Secure = new("grpcs", "https");
    public static readonly ChannelSchemes Insecure = new("grpc", "h2c", "http");

    private readonly string[] _schemes;

    private ChannelSchemes(params string[] schemes) => _schemes = schemes;

    // What the channel makes of its credentials, composed ones included, shows in the port only.
    public static ChannelSchemes Of(ResolverOptions options) => options.DefaultPort == SecurePort ? Secure : Insecure;

    /// <summary>The endpoint of an instance to call, one that is meant for gRPC before one that may be; null where it has none.</summary>
    public Uri? Find(ServiceInstance instance)
    {
        foreach (var scheme in _schemes)
        {
            foreach (var endpoint in instance.Endpoints)
            {
                if (string.Equals(endpoint.Scheme, scheme, StringComparison.OrdinalIgnoreCase))
                {
                    return endpoint;
                }
            }
        }

        return null;
    }

    public override string ToString() => $"{string.Join(", ", _schemes[..^1])} or {_schemes[^1]}";
}
