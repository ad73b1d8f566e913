using System.Text.Json;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.Observability;

/// <summary>The queries of the dashboard in examples/Observability, as Grafana would send them.</summary>
internal static class Dashboard
{
    public static readonly string Folder = Path.Combine(RepositoryFiles.Root, "examples", "Observability");

    /// <param name="rateInterval">What stands for Grafana's <c>$__rate_interval</c>: a few scrapes.</param>
    public static IReadOnlyList<(string Panel, string Query)> Queries(string rateInterval)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")));
        return
        [
            .. from panel in document.RootElement.GetProperty("panels").EnumerateArray()
               where panel.GetProperty("type").GetString() != "row"
               from target in panel.GetProperty("targets").EnumerateArray()
               select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!
                   .Replace("$__rate_interval", rateInterval, StringComparison.Ordinal)
                   .Replace("$service", ".*", StringComparison.Ordinal)),
        ];
    }
}
