using Discovery.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Tests.Testing;

public sealed class InMemoryServiceRegistryTests : IAsyncDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryServiceRegistry _registry;

    public InMemoryServiceRegistryTests() => _registry = new InMemoryServiceRegistry(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Expiry_NobodyReads_HappensAtTheTtlOfTheClock()
    {
        await RegisterAsync();

        _time.Advance(Ttl - TimeSpan.FromSeconds(1));
        Assert.Single(_registry.Store.GetInstances("orders"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(_registry.Store.GetInstances("orders"));
        Assert.Empty(_registry.Store.GetServices());
    }

    [Fact]
    public async Task Expiry_KeptAlive_IsPutOffByTheTtl()
    {
        var lease = await RegisterAsync();

        _time.Advance(Ttl * 0.9);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        _time.Advance(Ttl * 0.9);
        Assert.Single(_registry.Store.GetInstances("orders"));
        _time.Advance(Ttl * 0.1);

        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Fact]
    public async Task FailingWith_Denied_FailsCallsAndWatches()
    {
        await using var watch = await WatchRecorder.StartedAsync(_registry, "orders", Cancel);

        _registry.Faults.FailingWith = RegistryErrorKind.Denied;

        Assert.Equal(RegistryErrorKind.Denied, Assert.IsType<RegistryException>(await watch.FailureAsync()).Kind);
        Assert.Equal(RegistryErrorKind.Denied, (await Assert.ThrowsAsync<RegistryException>(RegisterAsync)).Kind);
        Assert.Equal(0, _registry.Store.WatchCount);

        _registry.Faults.FailingWith = null;
        await RegisterAsync();
    }

    [Fact]
    public async Task FailingWith_SomeAffected_LeavesTheRestAlone()
    {
        var lease = await RegisterAsync();
        _registry.Faults.Affected = RegistryOperations.KeepAlive;
        _registry.Faults.FailingWith = RegistryErrorKind.Unavailable;

        await Assert.ThrowsAsync<RegistryException>(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
        await lease.RevokeAsync(Cancel);

        Assert.Empty(_registry.Store.GetInstances("orders"));
    }

    [Fact]
    public async Task LoseNextReply_Register_IsAppliedButFails()
    {
        _registry.Faults.LoseNextReply();

        await Assert.ThrowsAsync<RegistryException>(RegisterAsync);

        Assert.Single(_registry.Store.GetInstances("orders"));
        await RegisterAsync();
    }

    [Fact]
    public async Task Hanging_Call_WaitsUntilCancelled()
    {
        _registry.Faults.Hanging = true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var call = _registry.RegisterAsync(Instance(), Ttl, patience.Token);
        Assert.False(call.IsCompleted);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Empty(_registry.Store.GetInstances("orders"));
    }

    [Fact]
    public async Task Wipe_Watched_IsAbsenceNotRemoval()
    {
        await RegisterAsync();
        await using var watch = await WatchRecorder.StartedAsync(_registry, "orders", Cancel);

        _registry.Store.Wipe();

        await watch.UntilAsync(instances => instances.Count == 0);
        Assert.All(watch.Changes, change => Assert.True(change.IsComplete));
    }

    [Fact]
    public async Task Forget_OneOfTwo_IsAbsenceOfThatOne()
    {
        await RegisterAsync();
        await _registry.RegisterAsync(Instance() with { Id = "two" }, Ttl, Cancel);
        await using var watch = await WatchRecorder.StartedAsync(_registry, "orders", Cancel);

        Assert.True(_registry.Store.Forget("orders", "one"));
        Assert.False(_registry.Store.Forget("orders", "one"));

        await watch.UntilAsync(instances => instances.Count == 1);
        Assert.All(watch.Changes, change => Assert.Empty(change.RemovedIds));
    }

    [Fact]
    public async Task Confirm_Watched_ReportsAConfirmation()
    {
        await using var watch = await WatchRecorder.StartedAsync(_registry, "orders", Cancel);

        _registry.Store.Confirm();

        await watch.UntilChangesAsync(changes => changes.Contains(RegistryChange.Confirmation));
    }

    [Fact]
    public async Task Journal_Calls_AreNotedWithTheirTime()
    {
        var lease = await RegisterAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        _registry.Faults.FailingWith = RegistryErrorKind.Unavailable;
        await Assert.ThrowsAsync<RegistryException>(() => lease.KeepAliveAsync(HealthStatus.Degraded, null, Cancel));

        Assert.Equal(
            [RegistryOperations.Register, RegistryOperations.KeepAlive], _registry.Journal.Calls.Select(call => call.Operation));
        Assert.Equal(1, _registry.Journal.Count(RegistryOperations.KeepAlive));
        Assert.Equal(HealthStatus.Degraded, _registry.Journal.Calls[1].Health);
        Assert.Equal(TimeSpan.FromSeconds(5), _registry.Journal.Calls[1].At - _registry.Journal.Calls[0].At);
    }

    private static ServiceInstance Instance() => new() { ServiceName = "orders", Id = "one", Endpoints = [new Uri("http://127.0.0.1:8080")] };

    private Task<IServiceLease> RegisterAsync() => _registry.RegisterAsync(Instance(), Ttl, Cancel);
}
