using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing.Conformance;

/// <summary>What every registry must do when its server goes away and comes back. Needs a server of its own for each test.</summary>
public abstract class RegistryOutageConformance : RegistryConformanceBase
{
    /// <summary>How long an operation may take to find that the registry is down.</summary>
    protected virtual TimeSpan OutageBound => TimeSpan.FromSeconds(30);

    /// <summary>Makes the registry unreachable for all that were created.</summary>
    protected abstract Task TakeDownAsync();

    /// <summary>Makes it reachable again.</summary>
    /// <param name="wiped">Whether it has lost its data.</param>
    protected abstract Task BringBackAsync(bool wiped);

    [Fact]
    public async Task AnyCall_RegistryDown_IsUnavailable()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var lease = await RegisterAsync(registry, service);
        await TakeDownAsync();

        await AssertUnavailableAsync(() => registry.RegisterAsync(NewInstance(service, "two"), LongTtl, Cancel));
        await AssertUnavailableAsync(() => registry.DeregisterAsync(service, "one", Cancel));
        await AssertUnavailableAsync(() => registry.GetServicesAsync(Cancel));
        await AssertUnavailableAsync(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await AssertUnavailableAsync(() => lease.RevokeAsync(Cancel));
        await AssertUnavailableAsync(() => WatchRecorder.Start(registry, service, Cancel).Ended);
    }

    [Fact]
    public async Task AnyCall_NeverWasUp_IsUnavailable()
    {
        await TakeDownAsync();
        var registry = await OpenAsync();

        await AssertUnavailableAsync(() => RegisterAsync(registry, NewServiceName()));
        await AssertUnavailableAsync(() => WatchRecorder.Start(registry, NewServiceName(), Cancel).Ended);
    }

    [Fact]
    public async Task Watch_RegistryLost_ThrowsAndAnotherWorksAfterwards()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await RegisterAsync(registry, service);
        await using var lost = await WatchRecorder.StartedAsync(registry, service, Cancel);
        await lost.UntilAsync(instances => instances.Count == 1, PromptBound);

        await TakeDownAsync();
        Assert.IsType<RegistryException>(await lost.FailureAsync(OutageBound));
        Assert.Single(lost.Instances); // what was last reported was not taken back

        await BringBackAsync(wiped: false);
        await RegisterAgainAsync(registry, service, "two");
        await using var again = await WatchRecorder.StartedAsync(registry, service, Cancel);
        await again.UntilAsync(instances => instances.Any(seen => seen.Id == "two"), PromptBound);
    }

    [Fact]
    public async Task KeepAlive_RegistryBackWithItsData_IsHeld()
    {
        var service = NewServiceName();
        var lease = await RegisterAsync(await OpenAsync(), service);

        await TakeDownAsync();
        await AssertUnavailableAsync(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await BringBackAsync(wiped: false);

        Assert.Equal(LeaseStatus.Held, await UntilAnsweredAsync(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel)));
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
    }

    [Fact]
    public async Task KeepAlive_RegistryBackWithoutItsData_IsForgotten()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        var lease = await RegisterAsync(registry, service);

        await TakeDownAsync();
        await BringBackAsync(wiped: true);

        Assert.Equal(LeaseStatus.Forgotten, await UntilAnsweredAsync(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel)));
        await RegisterAgainAsync(registry, service, "one");
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
    }

    /// <summary>Tries until the registry answers at all: when it is back, connections may take a moment to be so.</summary>
    private async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call) where T : notnull
    {
        object? answer = null;
        await Eventually.IsAsync<Exception?>(
            async () =>
            {
                try
                {
                    answer = await call();
                    return null;
                }
                catch (RegistryException e) when (e.Kind == RegistryErrorKind.Unavailable)
                {
                    return e;
                }
            },
            failure => failure is null, OutageBound, Cancel, "the registry answers");
        return (T)answer!;
    }

    private Task<IServiceLease> RegisterAgainAsync(IServiceRegistry registry, string service, string id) =>
        UntilAnsweredAsync(() => RegisterAsync(registry, service, id));

    private async Task AssertUnavailableAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RegistryException>(() => call().WaitAsync(OutageBound, Cancel));
        Assert.Equal(RegistryErrorKind.Unavailable, failure.Kind);
    }
}
