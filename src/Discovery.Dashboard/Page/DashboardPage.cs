using System.Security.Cryptography;
using System.Text;

namespace Discovery.Dashboard.Page;

/// <summary>The page: one document with its style and its script in it, which the browser runs because it knows their hashes.</summary>
internal sealed class DashboardPage
{
    // In the order in which they use one another.
    private static readonly string[] Scripts = ["elements.js", "words.js", "charts.js", "overview.js", "instances.js", "live.js"];

    private DashboardPage(string style, string script)
    {
        var html = Asset("page.html").Replace("/*style*/", style, StringComparison.Ordinal).Replace("/*script*/", script, StringComparison.Ordinal);
        var content = Encoding.UTF8.GetBytes(html);
        Content = content;
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..8])}\"";
        ContentSecurityPolicy = $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; img-src data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    public static DashboardPage Instance { get; } = new(Asset("style.css"), string.Concat(Scripts.Select(Asset)));

    public ReadOnlyMemory<byte> Content { get; }

    public string ETag { get; }

    /// <summary>Allows this very script and style, and calls to where the page came from; nothing else, and no markup made from text.</summary>
    public string ContentSecurityPolicy { get; }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Asset(string name)
    {
        using var reader = new StreamReader(typeof(DashboardPage).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
