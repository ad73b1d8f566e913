using System.Text;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

/// <summary>Which spelling of its ID an instance has on the agent, where an ID is unique whatever the service.</summary>
public sealed class AgentIdTests(SharedConsulServer shared)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterAsync_AnIdThatTheAgentHasForgottenOfAnotherService_IsWrittenAsItIs()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var (service, other) = (TestRegistry.UniqueService(), TestRegistry.UniqueService());
        var id = $"{service}-one";
        await using (var lease = await registry.RegisterAsync(TestRegistry.Instance(service, id), TestRegistry.Ttl, Cancelled))
        {
            await server.Http.PutAsync($"/v1/agent/service/deregister/{id}", null, Cancelled);
            Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        }

        await using var anew = await registry.RegisterAsync(TestRegistry.Instance(other, id), TestRegistry.Ttl, Cancelled);

        Assert.Equal($"check service:{id}", anew.Description);
        await anew.RevokeAsync(Cancelled);
    }

    [Fact]
    public async Task RegisterAsync_AnIdThatTheAgentHasRefusedToAnotherService_IsWrittenAsItIs()
    {
        var registrations = 0;
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            context.Response.StatusCode = context.Request.Method == HttpMethods.Put && ++registrations == 1 ? 403 : 200;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("{}"), context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address);
        await Assert.ThrowsAsync<RegistryException>(() => registry.RegisterAsync(TestRegistry.Instance("refused", "one"), TestRegistry.Ttl, Cancelled));

        await using var lease = await registry.RegisterAsync(TestRegistry.Instance("orders", "one"), TestRegistry.Ttl, Cancelled);

        Assert.Equal("check service:one", lease.Description);
    }

    [Fact]
    public async Task RegisterAsync_AnIdThatAnotherServiceOfThisProcessIsAboutToHave_IsWrittenAfterTheService()
    {
        await using var agent = await FakeServer.StartAsync(context => context.Response.WriteAsync("{}", context.RequestAborted)); // knows of nobody
        await using var registry = TestRegistry.Create(agent.Address);
        await using var first = await registry.RegisterAsync(TestRegistry.Instance("billing", "one"), TestRegistry.Ttl, Cancelled);
        await using var anew = await registry.RegisterAsync(TestRegistry.Instance("billing", "one"), TestRegistry.Ttl, Cancelled);
        await first.DisposeAsync();

        await using var lease = await registry.RegisterAsync(TestRegistry.Instance("orders", "one"), TestRegistry.Ttl, Cancelled);

        Assert.Equal(("check service:one", "check service:orders/one"), (anew.Description, lease.Description));
    }
}
