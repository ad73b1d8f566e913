namespace Discovery.Etcd.Layouts;

/// <summary>Endpoints as they are written into values: absolute URLs without the slash that .NET puts at the end.</summary>
internal static class EndpointText
{
    private const int MaxLength = 2048;

    public static string Format(Uri endpoint) =>
        endpoint is { AbsolutePath: "/", Query: "", Fragment: "" } ? endpoint.AbsoluteUri.TrimEnd('/') : endpoint.AbsoluteUri;

    /// <summary>The endpoint, or null where nobody could call it: a relative one, a file, one without a host or with credentials in it.</summary>
    public static Uri? Parse(string? text) =>
        text is { Length: <= MaxLength }
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Host.Length: > 0, Port: > 0, UserInfo: "", IsFile: false }
            && Uri.CheckHostName(uri.IdnHost) != UriHostNameType.Unknown ? uri : null;
}
