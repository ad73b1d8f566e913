namespace Discovery.Testing.Servers;

/// <summary>
/// One plain etcd server of each version for all tests that break nothing and use service names of their own; started when
/// first asked for. To be used as an assembly fixture: <c>[assembly: AssemblyFixture(typeof(SharedEtcdServer))]</c>.
/// </summary>
public sealed class SharedEtcdServer : IAsyncDisposable
{
    private readonly Dictionary<EtcdVersion, Lazy<Task<EtcdServer>>> _servers = Enum.GetValues<EtcdVersion>().ToDictionary(
        version => version,
        version => new Lazy<Task<EtcdServer>>(() => EtcdServer.StartAsync(new EtcdServerOptions { Version = version })));

    /// <summary>The server; skips the test where that etcd is not on this machine.</summary>
    public Task<EtcdServer> GetAsync(EtcdVersion version = EtcdVersion.V35) => _servers[version].Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values.Where(server => server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
