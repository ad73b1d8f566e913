using System.Globalization;
using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>An endpoint with what the hot path would otherwise work out for each call.</summary>
internal sealed class EndpointAddress : PickTarget
{
    // The path is the caller's own and already canonical, or deliberately not.
    private static readonly UriCreationOptions AsGiven = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string _prefix;
    private Located? _last;

    public EndpointAddress(ServiceInstance instance, Uri uri, string? host, InstanceLoad load)
        : base(instance, uri, load)
    {
        Load = load;
        Scheme = uri.Scheme;
        _prefix = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        HostHeader = host is null or "" ? null : uri.IsDefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{uri.Port}");
    }

    /// <summary>What was learned by calling the instance.</summary>
    public InstanceLoad Load { get; }

    public string Scheme { get; }

    /// <summary>The name the endpoint was resolved from, where it must be told it; null where the authority says it all.</summary>
    public string? HostHeader { get; }

    /// <summary>The address of a resource on this endpoint: the caller's path and query behind the endpoint's own base path.</summary>
    public Uri Locate(Uri resource)
    {
        // Most callers of an endpoint ask for one and the same thing over and over: the last address is kept, and with it what it was parsed into.
        var path = resource.PathAndQuery;
        if (Volatile.Read(ref _last) is { } last && last.Path == path)
        {
            return last.Uri;
        }

        var located = new Located(path, new Uri(_prefix + path, AsGiven));
        Volatile.Write(ref _last, located);
        return located.Uri;
    }

    private sealed class Located(string path, Uri uri)
    {
        public string Path => path;

        public Uri Uri => uri;
    }
}
