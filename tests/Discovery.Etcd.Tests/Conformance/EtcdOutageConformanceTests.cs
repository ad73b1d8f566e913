using Discovery.Testing.Conformance;
using Discovery.Testing.Servers;

namespace Discovery.Etcd.Tests.Conformance;

public abstract class EtcdOutageConformance(EtcdVersion version) : RegistryOutageConformance
{
    private EtcdServer? _server;

    public override async ValueTask InitializeAsync() => _server = await EtcdServer.StartAsync(new EtcdServerOptions { Version = version }, Cancel);

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => ValueTask.FromResult<IServiceRegistry>(TestRegistry.For(_server!).Registry);

    protected override Task TakeDownAsync() => _server!.KillAsync();

    protected override Task BringBackAsync(bool wiped) => _server!.StartAgainAsync(wiped, Cancel);

    protected override async ValueTask CleanUpAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

public sealed class Etcd34OutageConformanceTests() : EtcdOutageConformance(EtcdVersion.V34);

public sealed class Etcd35OutageConformanceTests() : EtcdOutageConformance(EtcdVersion.V35);
