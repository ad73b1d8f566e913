using System.Text;
using System.Text.RegularExpressions;
using Discovery.Testing;
using Microsoft.Extensions.Configuration;

namespace Discovery.EndToEnd.Tests.TwoRegistries;

/// <summary>The settings that the guide on moving from Consul to etcd has apps restarted with, step by step, as they stand in it.</summary>
internal static partial class MigrationGuide
{
    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "src", "Discovery.Hosting", "docs", "consul-to-etcd.md"));

    /// <summary>The settings of each step, those before the first one included, less the addresses, which are each site's own.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string?>> Steps { get; } = [.. Settings().Matches(Text).Select(block => Read(block.Groups[1].Value))];

    private static Dictionary<string, string?> Read(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable()
            .Where(pair => pair.Key.StartsWith("Discovery:Provider", StringComparison.Ordinal) && pair.Value is not null)
            .ToDictionary();
    }

    [GeneratedRegex("```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Settings();
}
