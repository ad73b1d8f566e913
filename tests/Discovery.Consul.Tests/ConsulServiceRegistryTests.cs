using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

public sealed class ConsulServiceRegistryTests(SharedConsulServer shared)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterAsync_FullInstance_IsWrittenAsDocumented()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await registry.RegisterAsync(Full(service), TestRegistry.Ttl, Cancelled);

        var written = (await server.Http.GetFromJsonAsync<JsonObject>($"/v1/agent/service/{service}-1", Cancelled))!;
        Assert.Equal(service, (string?)written["Service"]);
        Assert.Equal("10.0.0.1", (string?)written["Address"]);
        Assert.Equal(8443, (int)written["Port"]!);
        Assert.Equal(["blue", "grün 日本"], written["Tags"]!.AsArray().Select(t => (string)t!));
        Assert.Equal("1.2.3", (string?)written["Meta"]!["version"]);
        Assert.Equal("eu-1a", (string?)written["Meta"]!["zone"]);
        Assert.Equal("Zürich", (string?)written["Meta"]!["site"]);
        Assert.Equal(250, (int)written["Weights"]!["Passing"]!);
        Assert.Equal(8443, (int)written["TaggedAddresses"]!["https"]!["Port"]!);
        Assert.Equal(8080, (int)written["TaggedAddresses"]!["http"]!["Port"]!);
        Assert.Equal("10.0.0.2", (string?)written["TaggedAddresses"]!["http-2"]!["Address"]);

        var check = (await server.Http.GetFromJsonAsync<JsonObject>("/v1/agent/checks", Cancelled))![$"service:{service}-1"]!;
        Assert.Equal("ttl", (string?)check["Type"]);
        Assert.Equal("warning", (string?)check["Status"]);
    }

    [Fact]
    public async Task WatchAsync_FullInstance_ReadsBackEqual()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await registry.RegisterAsync(Full(service), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);

        var read = (await watch.UntilAsync(set => set.Count == 1))[0];

        Assert.True(read.Incarnation > 0);
        Assert.Equal(Full(service), read with { Incarnation = 0 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task WatchAsync_Weight_ReadsBackEqual(int weight)
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await registry.RegisterAsync(TestRegistry.Instance(service) with { Weight = weight }, TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);

        var read = (await watch.UntilAsync(set => set.Count == 1))[0];

        Assert.Equal(weight, read.Weight);
        Assert.Empty(read.Metadata);
    }

    [Fact]
    public async Task WatchAsync_UnknownService_IsCompleteAndEmptyAtOnce()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        await using var watch = WatchRecorder.Start(registry, TestRegistry.UniqueService(), Cancelled);

        var first = (await watch.UntilChangesAsync(seen => seen.Count > 0))[0];

        Assert.True(first.IsComplete);
        Assert.Empty(first.Upserts);
    }

    [Fact]
    public async Task KeepAliveAsync_EachHealth_IsSeenByAWatch()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(service), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);

        foreach (var health in new[] { HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Healthy })
        {
            Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(health, $"now {health}", Cancelled));
            await watch.UntilAsync(set => set.Count == 1 && set[0].Health == health);
        }

        var checks = await server.Http.GetFromJsonAsync<JsonObject>("/v1/agent/checks", Cancelled);
        Assert.Equal("now Healthy", (string?)checks![$"service:{service}-1"]!["Output"]);
    }

    [Fact]
    public async Task RevokeAsync_Registered_IsReportedAsRemoval()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(service), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);
        await watch.UntilAsync(set => set.Count == 1);

        await lease.RevokeAsync(Cancelled);
        await lease.RevokeAsync(Cancelled);

        await watch.UntilAsync(set => set.Count == 0);
        Assert.Equal([$"{service}-1"], watch.Changes.SelectMany(change => change.RemovedIds)); // the agent may confirm the empty list once more
        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
    }

    [Fact]
    public async Task KeepAliveAsync_AnotherCopyRegistered_IsSupersededAndLeavesItAlone()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await using var first = await registry.RegisterAsync(TestRegistry.Instance(service), TestRegistry.Ttl, Cancelled);
        Assert.Equal(LeaseStatus.Held, await first.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        var newcomer = TestRegistry.Instance(service, null, "http://10.0.0.9:9090") with { Health = HealthStatus.Unhealthy };
        await using var second = await registry.RegisterAsync(newcomer, TestRegistry.Ttl, Cancelled);

        Assert.Equal(LeaseStatus.Superseded, await first.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        await first.RevokeAsync(Cancelled);

        Assert.Equal(LeaseStatus.Held, await second.KeepAliveAsync(HealthStatus.Unhealthy, null, Cancelled));
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);
        var read = (await watch.UntilAsync(set => set.Count == 1))[0];
        Assert.Equal(newcomer.Endpoints, read.Endpoints);
        Assert.Equal(HealthStatus.Unhealthy, read.Health);
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Unhealthy, HealthStatus.Healthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Unhealthy)]
    public async Task RegisterAsync_HeldIdWithOtherHealth_TakesOverWithoutGapOrWrongHealth(HealthStatus before, HealthStatus after)
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await registry.RegisterAsync(TestRegistry.Instance(service) with { Health = before }, TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);
        await watch.UntilAsync(set => set.Count == 1);

        var anew = TestRegistry.Instance(service, null, "http://10.0.0.9:9090") with { Health = after };
        await registry.RegisterAsync(anew, TestRegistry.Ttl, Cancelled);
        await watch.UntilAsync(set => set.Count == 1 && set[0].Endpoints.SequenceEqual(anew.Endpoints) && set[0].Health == after);

        Assert.DoesNotContain(watch.Changes, change => change.RemovedIds.Count > 0);
        if (after == HealthStatus.Unhealthy)
        {
            Assert.DoesNotContain(watch.Changes, change => change.Upserts.Any(i => i.Endpoints.SequenceEqual(anew.Endpoints) && i.Health != after));
        }
    }

    [Fact]
    public async Task RegisterAsync_AgainAfterRevoke_IsANewIncarnation()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(service), TestRegistry.Ttl, Cancelled);
        var first = (await watch.UntilAsync(set => set.Count == 1))[0];
        await lease.KeepAliveAsync(HealthStatus.Degraded, null, Cancelled);
        var changed = (await watch.UntilAsync(set => set.Count == 1 && set[0].Health == HealthStatus.Degraded))[0];
        await lease.RevokeAsync(Cancelled);
        await watch.UntilAsync(set => set.Count == 0);
        await registry.RegisterAsync(TestRegistry.Instance(service), TestRegistry.Ttl, Cancelled);

        var anew = (await watch.UntilAsync(set => set.Count == 1))[0];

        Assert.Equal(first.Incarnation, changed.Incarnation);
        Assert.NotEqual(first.Incarnation, anew.Incarnation);
    }

    [Fact]
    public async Task DeregisterAsync_OfAnotherService_LeavesTheIdAlone()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(service), TestRegistry.Ttl, Cancelled);

        await registry.DeregisterAsync("another", $"{service}-1", Cancelled);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));

        await registry.DeregisterAsync(service, $"{service}-1", Cancelled);
        await registry.DeregisterAsync(service, $"{service}-1", Cancelled);
        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
    }

    [Fact]
    public async Task KeepAliveAsync_AnotherServiceOfTheAgentTookTheId_IsForgottenAndRegistersBesideIt()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var (service, another) = (TestRegistry.UniqueService(), TestRegistry.UniqueService());
        var instance = TestRegistry.Instance(service);
        await using var lost = await registry.RegisterAsync(instance, TestRegistry.Ttl, Cancelled);
        using var taken = await server.Http.PutAsJsonAsync("/v1/agent/service/register", new { Name = another, ID = instance.Id }, Cancelled); // as a process that asked at the same moment would
        taken.EnsureSuccessStatusCode();

        Assert.Equal(LeaseStatus.Forgotten, await lost.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        await using var lease = await registry.RegisterAsync(instance, TestRegistry.Ttl, Cancelled);

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);
        Assert.Equal(instance.Id, (await watch.UntilAsync(set => set.Count == 1))[0].Id);
        await lease.RevokeAsync(Cancelled);
        using var left = await server.Http.GetAsync($"/v1/agent/service/{instance.Id}", Cancelled);
        Assert.Equal(System.Net.HttpStatusCode.OK, left.StatusCode);
    }

    [Fact]
    public async Task GetServicesAsync_Registered_AreListedInOrder()
    {
        var server = await shared.GetAsync();
        await using var registry = TestRegistry.Create(server.Address);
        var service = TestRegistry.UniqueService();
        await registry.RegisterAsync(TestRegistry.Instance($"{service}.b_c"), TestRegistry.Ttl, Cancelled);
        await registry.RegisterAsync(TestRegistry.Instance(service), TestRegistry.Ttl, Cancelled);

        var names = await Eventually.IsAsync(
            () => registry.GetServicesAsync(Cancelled), names => names.Contains(service) && names.Contains($"{service}.b_c"), cancellationToken: Cancelled);

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    private static ServiceInstance Full(string service) =>
        TestRegistry.Instance(service, null, "https://10.0.0.1:8443", "http://10.0.0.1:8080", "http://10.0.0.2:8080", "grpc://[fd00::1]:9000") with
        {
            Version = "1.2.3",
            Zone = "eu-1a",
            Weight = 250,
            Tags = ["blue", "grün 日本"],
            Metadata = new Dictionary<string, string> { ["site"] = "Zürich", ["quote"] = "\"\\\n" },
            Health = HealthStatus.Degraded,
        };
}
