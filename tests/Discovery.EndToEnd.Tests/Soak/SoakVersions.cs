using System.Text.Json;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>What a soak ran with.</summary>
internal static class SoakVersions
{
    public static async Task<string> AskAsync(Uri consul, Uri etcd)
    {
        using var http = new HttpClient();
        using var agent = JsonDocument.Parse(await http.GetStringAsync(new Uri(consul, "/v1/agent/self"), TestContext.Current.CancellationToken));
        using var member = JsonDocument.Parse(await http.GetStringAsync(new Uri(etcd, "/version"), TestContext.Current.CancellationToken));
        return $"Consul {agent.RootElement.GetProperty("Config").GetProperty("Version").GetString()}, etcd {member.RootElement.GetProperty("etcdserver").GetString()}, .NET {Environment.Version}, {Environment.ProcessorCount} processors";
    }
}
