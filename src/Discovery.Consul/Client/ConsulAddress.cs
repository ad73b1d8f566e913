namespace Discovery.Consul.Client;

/// <summary>The agent's address in its different spellings.</summary>
internal static class ConsulAddress
{
    public const string Default = "http://127.0.0.1:8500";

    public const string Allowed = "an http or https URL without a path, user or query, such as " + Default + ", or host:port";

    public static bool TryParse(string? address, out Uri uri)
    {
        var text = address ?? "";
        text = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(text, UriKind.Absolute, out uri!)
            && uri is { Scheme: "http" or "https", UserInfo: "", PathAndQuery: "/", Fragment: "" }
            && uri.Host.Length > 0;
    }

    /// <summary>As Consul's own tools have it: CONSUL_HTTP_SSL makes https of an address that names no scheme.</summary>
    public static string FromEnvironment(string address, bool ssl) =>
        ssl && !address.Contains("://", StringComparison.Ordinal) ? $"https://{address}" : address;
}
