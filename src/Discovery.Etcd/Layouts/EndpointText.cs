namespace Discovery.Etcd.Layouts;

/// <summary>Endpoints as they are written into values: absolute URLs without the slash that .NET puts at the end.</summary>
internal static class EndpointText
{
    public static string Format(Uri endpoint) =>
        endpoint is { AbsolutePath: "/", Query: "", Fragment: "" } ? endpoint.AbsoluteUri.TrimEnd('/') : endpoint.AbsoluteUri;
}
