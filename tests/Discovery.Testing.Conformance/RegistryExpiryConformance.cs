using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing.Conformance;

/// <summary>What every registry must do with a lease that nobody keeps alive. Bound to time: derive it into a collection that runs alone.</summary>
public abstract class RegistryExpiryConformance : RegistryConformanceBase
{
    /// <summary>A Ttl that the registry takes as it is.</summary>
    protected virtual TimeSpan ShortTtl => TimeSpan.FromSeconds(2);

    /// <summary>How long after its Ttl an abandoned instance may still be seen living.</summary>
    protected virtual TimeSpan ExpiryBound => TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether the registry removes what expires. False where it first reports it as unhealthy and keeps it for a while, as Consul
    /// does: a keep-alive may then still revive it.
    /// </summary>
    protected virtual bool RemovesWhatExpires => true;

    [Fact]
    public async Task Expiry_Abandoned_LivesForItsTtlAndNoLonger()
    {
        var service = NewServiceName();
        await using var watch = await WatchAsync(service);
        var registry = await OpenAsync();
        var before = Stopwatch.GetTimestamp();
        await registry.RegisterAsync(NewInstance(service), ShortTtl, Cancel);
        if (OutlivesItsOwner)
        {
            await registry.DisposeAsync();
        }

        await watch.UntilAsync(instances => instances.Any(IsLiving), PromptBound);
        await watch.UntilAsync(IsGone, ShortTtl + ExpiryBound);

        // Registries count in ticks of their own; half of the Ttl is certainly too early.
        Assert.InRange(Stopwatch.GetElapsedTime(before), ShortTtl / 2, ShortTtl + ExpiryBound + PromptBound);
    }

    [Fact]
    public async Task Expiry_KeptAlive_LivesOn()
    {
        var service = NewServiceName();
        await using var watch = await WatchAsync(service);
        var lease = await (await OpenAsync()).RegisterAsync(NewInstance(service), ShortTtl, Cancel);
        await watch.UntilAsync(instances => instances.Any(IsLiving), PromptBound);
        var before = watch.Changes.Count;

        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < 3 * ShortTtl)
        {
            Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
            await Task.Delay(ShortTtl / 5, Cancel);
        }

        Assert.All(watch.Changes.Skip(before), change =>
        {
            Assert.Empty(change.RemovedIds);
            Assert.All(change.Upserts, seen => Assert.True(IsLiving(seen)));
            Assert.False(change.IsComplete && change.Upserts.Count == 0);
        });
        Assert.Single(watch.Instances);
    }

    [Fact]
    public async Task KeepAlive_Expired_IsForgottenOrRevived()
    {
        var service = NewServiceName();
        await using var watch = await WatchAsync(service);
        var registry = await OpenAsync();
        var lease = await registry.RegisterAsync(NewInstance(service), ShortTtl, Cancel);
        await watch.UntilAsync(instances => instances.Any(IsLiving), PromptBound);
        await watch.UntilAsync(IsGone, ShortTtl + ExpiryBound);

        if (RemovesWhatExpires)
        {
            Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
            lease = await registry.RegisterAsync(NewInstance(service), LongTtl, Cancel);
        }

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await watch.UntilAsync(instances => instances.Any(IsLiving), PromptBound);
    }

    [Fact]
    public async Task Expiry_OneOfTwo_LeavesTheOther()
    {
        var service = NewServiceName();
        await using var watch = await WatchAsync(service);
        var registry = await OpenAsync();
        await registry.RegisterAsync(NewInstance(service, "short"), ShortTtl, Cancel);
        await registry.RegisterAsync(NewInstance(service, "long"), LongTtl, Cancel);
        await watch.UntilAsync(instances => instances.Count(IsLiving) == 2, PromptBound);

        await watch.UntilAsync(instances => instances.Count(IsLiving) == 1, ShortTtl + ExpiryBound);

        Assert.Equal("long", watch.Instances.Single(IsLiving).Id);
    }

    private static bool IsLiving(ServiceInstance instance) => instance.Health != HealthStatus.Unhealthy;

    private bool IsGone(IReadOnlyList<ServiceInstance> instances) => RemovesWhatExpires ? instances.Count == 0 : !instances.Any(IsLiving);
}
