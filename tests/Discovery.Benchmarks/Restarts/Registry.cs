using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Benchmarks.Restarts;

/// <summary>A registry of the run's own, and the settings that lead an app to it.</summary>
internal sealed class Registry : IAsyncDisposable
{
    private readonly IAsyncDisposable? _server;
    private readonly TemporaryFolder _folder = new();

    private Registry(string name, IAsyncDisposable? server, Uri? consul, params (string Key, string Value)[] settings)
    {
        (Name, _server, Consul) = (name, server, consul);
        Settings = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value.Replace("{folder}", _folder.Path, StringComparison.Ordinal));
    }

    public string Name { get; }

    /// <summary>The agent, where it is Consul.</summary>
    public Uri? Consul { get; }

    /// <summary>By configuration path.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public static async Task<Registry> StartAsync(string name)
    {
        switch (name)
        {
            case "Local":
                return new(name, null, null, ("Discovery:Provider", "Local"), ("Discovery:Local:Directory", "{folder}/leases"));
            case "Etcd":
                var etcd = await EtcdServer.StartAsync();
                return new(name, etcd, null, ("Discovery:Provider", "Etcd"), ("Discovery:Etcd:Endpoints:0", etcd.Endpoint.GetLeftPart(UriPartial.Authority)));
            case "Consul" or "Consul, HTTP check":
                var consul = await ConsulServer.StartAsync();
                return new(name, consul, consul.Address, ("Discovery:Provider", "Consul"), ("Discovery:Consul:Address", consul.Address.GetLeftPart(UriPartial.Authority)),
                    ("Discovery:Consul:Check", name == "Consul" ? "Ttl" : "Http"));
            default:
                throw new ArgumentException($"'{name}' is no registry; known are Consul, 'Consul, HTTP check', Etcd, Local.", nameof(name));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
