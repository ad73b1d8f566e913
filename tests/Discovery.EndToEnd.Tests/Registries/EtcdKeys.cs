using System.Globalization;
using System.Text;
using System.Text.Json;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Registries;

/// <summary>What stands in etcd, read with its own command-line client, and how an app is told where to find it.</summary>
internal static class EtcdKeys
{
    public static IReadOnlyDictionary<string, string?> EnvironmentAt(IReadOnlyList<Uri> addresses) =>
        addresses.Select((address, i) => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"Discovery__Etcd__Endpoints__{i}"), (string?)address.ToString()))
            .Append(new("Discovery__Provider", "Etcd"))
            .ToDictionary();

    public static async Task<IReadOnlyDictionary<string, string>> ListAsync(EtcdServer member, string service)
    {
        using var answer = JsonDocument.Parse(await member.EtcdctlAsync("get", "--prefix", $"/services/{service}/", "-w", "json"));
        var instances = new Dictionary<string, string>();
        if (answer.RootElement.TryGetProperty("kvs", out var entries))
        {
            foreach (var entry in entries.EnumerateArray())
            {
                using var value = JsonDocument.Parse(entry.GetProperty("value").GetBytesFromBase64());
                Assert.EndsWith("/" + value.RootElement.GetProperty("id").GetString(), Encoding.UTF8.GetString(entry.GetProperty("key").GetBytesFromBase64()), StringComparison.Ordinal);
                instances[value.RootElement.GetProperty("id").GetString()!] = value.RootElement.GetProperty("health").GetString()!;
            }
        }

        return instances;
    }

    /// <summary>The revision that the member is at.</summary>
    public static async Task<long> RevisionAsync(EtcdServer member)
    {
        using var status = JsonDocument.Parse(await member.EtcdctlAsync("endpoint", "status", "-w", "json"));
        return status.RootElement[0].GetProperty("Status").GetProperty("header").GetProperty("revision").GetInt64();
    }

    /// <summary>Writes that often, each time at a revision of its own.</summary>
    public static async Task WriteAsync(EtcdServer member, int count)
    {
        using var http = new HttpClient { BaseAddress = member.Endpoint };
        for (var i = 0; i < count; i++)
        {
            using var written = await http.PostAsync(new Uri("/v3/kv/put", UriKind.Relative), new StringContent("""{"key":"L2ZpbGxlcg==","value":"eA=="}"""), TestContext.Current.CancellationToken);
            written.EnsureSuccessStatusCode();
        }
    }
}
