using System.Net.Http.Json;
using Discovery.Testing.Conformance;
using Discovery.Testing.Servers;

namespace Discovery.Consul.Tests;

/// <summary>The suite uses the same IDs for all its services, which share this server's one agent.</summary>
public sealed class ConsulConformanceTests(SharedConsulServer server) : RegistryConformance, IClassFixture<SharedConsulServer>
{
    protected override bool DistinguishesIdsByCase => false;

    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.Create((await server.GetAsync()).Address);
}

[Collection("Timing")]
public sealed class ConsulExpiryConformanceTests(SharedConsulServer server) : RegistryExpiryConformance, IClassFixture<SharedConsulServer>
{
    // An expired check is critical; the instance is removed only DeregisterCriticalServiceAfter later.
    protected override bool RemovesWhatExpires => false;

    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.Create((await server.GetAsync()).Address);
}

public sealed class ConsulUndecodableConformanceTests(SharedConsulServer server) : RegistryUndecodableConformance, IClassFixture<SharedConsulServer>
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.Create((await server.GetAsync()).Address);

    protected override async Task WriteUndecodableAsync(string serviceName, string id)
    {
        using var written = await (await server.GetAsync()).Http.PutAsJsonAsync(
            "/v1/agent/service/register", new { Name = serviceName, ID = id, Port = 0 }, Cancel);
        written.EnsureSuccessStatusCode();
    }
}

public sealed class ConsulOutageConformanceTests : RegistryOutageConformance
{
    private ConsulServer? _server;

    public override async ValueTask InitializeAsync() => _server = await ConsulServer.StartAsync(cancellationToken: Cancel);

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(TestRegistry.Create(_server!.Address));

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
