using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing.Conformance;

public abstract partial class RegistryConformance
{
    [Fact]
    public async Task KeepAlive_HealthChanges_EachIsSeen()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);
        await using var watch = await WatchAsync(service);

        foreach (var health in (HealthStatus[])
            [HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Degraded, HealthStatus.Healthy])
        {
            Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(health, $"now {health}", Cancel));
            await UntilOnlyAsync(watch, seen => seen.Health == health);
        }
    }

    [Fact]
    public async Task KeepAlive_NothingChanges_NoWatcherSeesAChange()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
        var before = watch.Instances[0];

        for (var beat = 0; beat < 5; beat++)
        {
            Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, $"beat {beat}", Cancel));
        }

        await RegisterAsync(await OpenAsync(), service, "marker"); // seen only after whatever the beats have caused
        await watch.UntilAsync(instances => instances.Count == 2, PromptBound);
        Assert.All(watch.Changes.SelectMany(change => change.Upserts).Where(seen => seen.Id == before.Id), seen => Assert.Equal(before, seen));
    }

    [Fact]
    public async Task Revoke_Registered_IsReportedAsRemoval()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var lease = await RegisterAsync(registry, service, "one");
        await RegisterAsync(registry, service, "two");
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 2, PromptBound);

        await lease.RevokeAsync(Cancel);

        await UntilOnlyAsync(watch, seen => seen.Id == "two");
        Assert.Contains(watch.Changes, change => change.RemovedIds.Contains("one"));
        Assert.DoesNotContain(watch.Changes, change => change.RemovedIds.Contains("two"));
    }

    [Fact]
    public async Task Revoke_LastInstance_IsReportedAsRemoval()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);

        await lease.RevokeAsync(Cancel);

        await watch.UntilAsync(instances => instances.Count == 0, PromptBound);
        Assert.Contains(watch.Changes, change => change.RemovedIds.Contains("one"));
    }

    [Fact]
    public async Task Revoke_Twice_IsNoError()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);

        await lease.RevokeAsync(Cancel);
        await lease.RevokeAsync(Cancel);

        Assert.Empty(await ListAsync(service));
    }

    [Fact]
    public async Task KeepAlive_AfterRevoke_IsForgottenAndRevivesNothing()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);
        await lease.RevokeAsync(Cancel);

        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Unhealthy, null, Cancel));
        Assert.Empty(await ListAsync(service));
    }

    [Fact]
    public async Task KeepAlive_DeregisteredByAnother_IsForgotten()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);

        await (await OpenAsync()).DeregisterAsync(service, "one", Cancel);

        var said = await KeepAliveUntilAsync(lease, LeaseStatus.Forgotten);
        Assert.DoesNotContain(LeaseStatus.Superseded, said);
        Assert.Empty(await ListAsync(service));
    }

    [Fact]
    public async Task Deregister_WithoutLease_RemovesItTwiceOver()
    {
        var service = NewServiceName();
        await RegisterAsync(await OpenAsync(), service, "one");
        await RegisterAsync(await OpenAsync(), service, "two");
        var other = await OpenAsync();

        await other.DeregisterAsync(service, "one", Cancel);
        await other.DeregisterAsync(service, "one", Cancel);
        await other.DeregisterAsync(service, "never-there", Cancel);
        await other.DeregisterAsync(NewServiceName(), "one", Cancel);

        await using var watch = await WatchAsync(service);
        await UntilOnlyAsync(watch, seen => seen.Id == "two");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../one")]
    [InlineData("one\" or ID != \"")]
    public async Task Deregister_WhatIsNoId_IsInvalidAndRemovesNothing(string id)
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var lease = await RegisterAsync(registry, service);

        var refused = await Assert.ThrowsAsync<RegistryException>(() => registry.DeregisterAsync(service, id, Cancel));

        Assert.Equal(RegistryErrorKind.Invalid, refused.Kind);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("or/ders")]
    [InlineData("orders?index=1")]
    public async Task AnyCall_WhatIsNoServiceName_IsInvalid(string service)
    {
        var registry = await OpenAsync();

        RegistryException[] refused =
        [
            await Assert.ThrowsAsync<RegistryException>(() => RegisterAsync(registry, service)),
            await Assert.ThrowsAsync<RegistryException>(() => registry.DeregisterAsync(service, "one", Cancel)),
            await Assert.ThrowsAsync<RegistryException>(() => ListAsync(service)),
        ];

        Assert.All(refused, refusal => Assert.Equal(RegistryErrorKind.Invalid, refusal.Kind));
    }

    [Fact]
    public async Task Incarnation_KeptAliveWithOtherHealth_StaysTheSame()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
        var incarnation = watch.Instances[0].Incarnation;

        await lease.KeepAliveAsync(HealthStatus.Unhealthy, null, Cancel);
        await UntilOnlyAsync(watch, seen => seen.Health == HealthStatus.Unhealthy);
        await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel);
        await UntilOnlyAsync(watch, seen => seen.Health == HealthStatus.Healthy);

        Assert.All(watch.Changes.SelectMany(change => change.Upserts), seen => Assert.Equal(incarnation, seen.Incarnation));
    }

    [Fact]
    public async Task Incarnation_RevokedAndRegisteredAnew_Changes()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var lease = await RegisterAsync(registry, service);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
        var incarnation = watch.Instances[0].Incarnation;

        await lease.RevokeAsync(Cancel);
        await RegisterAsync(registry, service);

        await UntilOnlyAsync(watch, seen => seen.Incarnation != incarnation);
    }

    [Fact]
    public async Task KeepAlive_SameIdRegisteredByAnother_IsSuperseded()
    {
        var service = NewServiceName();
        var first = await RegisterAsync(await OpenAsync(), service);
        var second = await (await OpenAsync()).RegisterAsync(Elsewhere(service), LongTtl, Cancel);

        var said = await KeepAliveUntilAsync(first, LeaseStatus.Superseded);

        Assert.DoesNotContain(LeaseStatus.Forgotten, said);
        Assert.Equal(LeaseStatus.Held, await second.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await using var watch = await WatchAsync(service);
        await UntilOnlyAsync(watch, seen => seen.Endpoints.SequenceEqual(Elsewhere(service).Endpoints) && seen.Health == HealthStatus.Healthy);
    }

    [Fact]
    public async Task Revoke_SameIdRegisteredByAnother_LeavesTheNewcomer()
    {
        var service = NewServiceName();
        var first = await RegisterAsync(await OpenAsync(), service);
        var second = await (await OpenAsync()).RegisterAsync(Elsewhere(service), LongTtl, Cancel);
        await using var watch = await WatchAsync(service);
        await UntilOnlyAsync(watch, seen => seen.Endpoints.SequenceEqual(Elsewhere(service).Endpoints));

        await first.RevokeAsync(Cancel);

        Assert.Equal(LeaseStatus.Held, await second.KeepAliveAsync(HealthStatus.Degraded, null, Cancel));
        await UntilOnlyAsync(watch, seen => seen.Health == HealthStatus.Degraded);
        Assert.DoesNotContain(watch.Changes, change => change.RemovedIds.Count > 0);
    }

    private static ServiceInstance Elsewhere(string serviceName) => NewInstance(serviceName) with { Endpoints = [new Uri("http://127.0.0.1:9090")] };
}
