namespace Discovery.Testing.Servers;

/// <summary>
/// One plain Consul server for all tests that break nothing and use service names of their own; started when first asked for.
/// To be used as an assembly fixture: <c>[assembly: AssemblyFixture(typeof(SharedConsulServer))]</c>.
/// </summary>
public sealed class SharedConsulServer : IAsyncDisposable
{
    private readonly Lazy<Task<ConsulServer>> _server = new(() => ConsulServer.StartAsync());

    /// <summary>The server; skips the test where there is no consul on this machine.</summary>
    public Task<ConsulServer> GetAsync() => _server.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
