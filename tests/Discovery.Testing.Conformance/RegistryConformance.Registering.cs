using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing.Conformance;

public abstract partial class RegistryConformance
{
    [Fact]
    public async Task Register_EveryField_IsSeenByAnotherProcess()
    {
        var instance = new ServiceInstance
        {
            ServiceName = NewServiceName(),
            Id = "Orders-1.example_host:8443@a",
            Endpoints = [new Uri("https://10.0.0.1:8443"), new Uri("http://10.0.0.1:8080"), new Uri("http://10.0.0.2:8081")],
            Version = "1.2.3-beta+4",
            Zone = "eu-west/1a",
            Weight = 37,
            Tags = ["canary", "été", "a=b"],
            Metadata = new Dictionary<string, string> { ["team"] = "Zahlung – Köln 支付", ["empty"] = "", ["commit"] = "\"quoted\" <&> \\ 'x'" },
            Health = HealthStatus.Degraded,
        };
        await (await OpenAsync()).RegisterAsync(instance, LongTtl, Cancel);

        await using var watch = await WatchAsync(instance.ServiceName);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);

        var seen = watch.Instances[0];
        Assert.Equal(instance.Endpoints, seen.Endpoints);
        Assert.Equal(instance.Tags, seen.Tags);
        Assert.Equal(instance.Metadata.OrderBy(pair => pair.Key), seen.Metadata.OrderBy(pair => pair.Key));
        Assert.Equal(instance, seen with { Incarnation = instance.Incarnation });
    }

    [Fact]
    public async Task Register_NothingButWhatIsRequired_IsSeenAsSaid()
    {
        var instance = NewInstance(NewServiceName());
        await (await OpenAsync()).RegisterAsync(instance, LongTtl, Cancel);

        await using var watch = await WatchAsync(instance.ServiceName);

        await UntilOnlyAsync(watch, seen => seen with { Incarnation = 0 } == instance);
    }

    [Theory]
    [InlineData(HealthStatus.Healthy)]
    [InlineData(HealthStatus.Degraded)]
    [InlineData(HealthStatus.Unhealthy)]
    public async Task Register_WithHealth_IsNeverSeenWithAnother(HealthStatus health)
    {
        var service = NewServiceName();
        await using var watch = await WatchAsync(service);

        var lease = await RegisterAsync(await OpenAsync(), service, health: health);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(health, null, Cancel));
        await UntilOnlyAsync(watch, seen => seen.Health == health);
        await lease.RevokeAsync(Cancel);
        await watch.UntilAsync(instances => instances.Count == 0, PromptBound);

        Assert.All(watch.Changes.SelectMany(change => change.Upserts), seen => Assert.Equal(health, seen.Health));
    }

    [Fact]
    public async Task Register_SameIdAgain_ReplacesWithoutAGap()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await RegisterAsync(registry, service);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
        var before = watch.Changes.Count;

        for (var version = 1; version <= 10; version++)
        {
            await registry.RegisterAsync(NewInstance(service) with { Version = $"{version}" }, LongTtl, Cancel);
        }

        await UntilOnlyAsync(watch, seen => seen.Version == "10");
        Assert.All(watch.Changes.Skip(before), change =>
        {
            Assert.Empty(change.RemovedIds);
            Assert.False(change.IsComplete && change.Upserts.Count == 0, "A complete change without the instance that was replaced.");
        });
    }

    [Fact]
    public async Task Register_HundredAtOnce_AllAreSeen()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await using var watch = await WatchAsync(service);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => RegisterAsync(registry, service, $"i{i}")));

        await watch.UntilAsync(instances => instances.Count == 100, PromptBound);
    }

    [Fact]
    public async Task Register_SameIdOfServicesAtOnce_AllStandAndStay()
    {
        var registry = await OpenAsync();
        var services = Enumerable.Range(0, 8).Select(_ => NewServiceName()).ToList();

        var leases = await Task.WhenAll(services.Select(service => RegisterAsync(registry, service, "the-one")));

        foreach (var lease in leases)
        {
            Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        }

        foreach (var service in services)
        {
            await using var watch = await WatchAsync(service);
            await UntilOnlyAsync(watch, seen => seen.Id == "the-one" && seen.ServiceName == service);
        }

        await leases[0].RevokeAsync(Cancel);
        Assert.Empty(await ListAsync(services[0]));
        Assert.Single(await ListAsync(services[^1]));
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a-b")]
    [InlineData("0.1_2-3")]
    public async Task Register_NameWithPunctuation_IsSeenUnderThatName(string prefix)
    {
        var service = $"{prefix}.{NewServiceName()}";
        await RegisterAsync(await OpenAsync(), service);

        await using var watch = await WatchAsync(service);

        await UntilOnlyAsync(watch, seen => seen.ServiceName == service);
    }

    [Fact]
    public async Task Register_IdsThatDifferByCaseOrAreLong_AreSeparate()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        string[] ids = [DistinguishesIdsByCase ? "A" : "b", "a", "a:1", "a@1", new string('x', 200)];
        foreach (var id in ids)
        {
            await RegisterAsync(registry, service, id);
        }

        await using var watch = await WatchAsync(service);

        await watch.UntilAsync(
            instances => instances.Select(seen => seen.Id).Order(StringComparer.Ordinal).SequenceEqual(ids.Order(StringComparer.Ordinal)), PromptBound);
    }

    [Fact]
    public async Task Dispose_RegistryAndLease_RevokesNothing()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var lease = await RegisterAsync(registry, service);

        await lease.DisposeAsync();
        if (OutlivesItsOwner)
        {
            await registry.DisposeAsync();
        }

        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
    }

    [Fact]
    public async Task GetServices_SomeRegistered_NamesThemInOrdinalOrder()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var other = await OpenAsync();
        var lease = await RegisterAsync(registry, service + ".b", health: HealthStatus.Unhealthy);
        await RegisterAsync(registry, service + "-a");

        var names = await Eventually.IsAsync(
            () => other.GetServicesAsync(Cancel), all => all.Contains(service + ".b") && all.Contains(service + "-a"), PromptBound);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);

        await lease.RevokeAsync(Cancel);
        await Eventually.IsAsync(() => other.GetServicesAsync(Cancel), all => !all.Contains(service + ".b"), PromptBound);
    }

    [Fact]
    public async Task AnyCall_CancelledToken_IsCancelled()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var lease = await RegisterAsync(registry, service);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => registry.RegisterAsync(NewInstance(service, "two"), LongTtl, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => registry.DeregisterAsync(service, "one", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => registry.GetServicesAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lease.RevokeAsync(cancelled));

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }
}
