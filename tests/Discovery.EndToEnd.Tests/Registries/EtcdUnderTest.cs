using System.Text;
using System.Text.Json;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Registries;

internal sealed class EtcdUnderTest(EtcdServer server) : RegistryUnderTest
{
    public EtcdServer Server => server;

    public override Uri Address => server.Endpoint;

    public override IReadOnlyDictionary<string, string?> EnvironmentAt(Uri address) => new Dictionary<string, string?>
    {
        ["Discovery__Provider"] = "Etcd",
        ["Discovery__Etcd__Endpoints__0"] = address.ToString(),
    };

    public override async Task<IReadOnlyDictionary<string, string>> ListAsync(string service)
    {
        using var answer = JsonDocument.Parse(await server.EtcdctlAsync("get", "--prefix", $"/services/{service}/", "-w", "json"));
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

    public override Task RemoveAsync(string service, string id) => server.EtcdctlAsync("del", $"/services/{service}/{id}");

    public override Task KillAsync() => server.KillAsync();

    public override Task StartAgainAsync(bool wipe) => server.StartAgainAsync(wipe, TestContext.Current.CancellationToken);

    public override void Suspend() => server.Suspend();

    public override void Resume() => server.Resume();

    public override ValueTask DisposeAsync() => server.DisposeAsync();
}
