using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing.Conformance;

public abstract partial class RegistryConformance
{
    [Fact]
    public async Task Watch_UnknownService_FirstChangeIsCompleteAndEmpty()
    {
        await using var watch = WatchRecorder.Start(await OpenAsync(), NewServiceName(), Cancel);

        var changes = await watch.UntilChangesAsync(all => all.Count > 0, PromptBound);

        Assert.True(changes[0].IsComplete);
        Assert.Empty(changes[0].Upserts);
        Assert.Empty(changes[0].RemovedIds);
    }

    [Fact]
    public async Task Watch_KnownService_FirstChangeIsComplete()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await RegisterAsync(registry, service, "one");
        await RegisterAsync(registry, service, "two", HealthStatus.Unhealthy);
        await using (var settled = await WatchAsync(service))
        {
            await settled.UntilAsync(instances => instances.Count == 2, PromptBound);
        }

        await using var watch = await WatchAsync(service);

        Assert.True(watch.Changes[0].IsComplete);
        Assert.Equal(["one", "two"], watch.Changes[0].Upserts.Select(seen => seen.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Watch_ServicesWithTheSamePrefix_AreNotSeen()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await using var watch = await WatchAsync(service);

        foreach (var other in (string[])[service + "2", service + ".x", service + "-x", service + "_x"])
        {
            var lease = await RegisterAsync(registry, other);
            await lease.KeepAliveAsync(HealthStatus.Degraded, null, Cancel);
            await using var otherWatch = await WatchAsync(other);
            await UntilOnlyAsync(otherWatch, seen => seen.ServiceName == other && seen.Health == HealthStatus.Degraded);
            await lease.RevokeAsync(Cancel);
        }

        await RegisterAsync(registry, service, "own");
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);
        Assert.All(watch.Changes.SelectMany(change => change.Upserts), seen => Assert.Equal(service, seen.ServiceName));
        Assert.All(watch.Changes, change => Assert.Empty(change.RemovedIds));
    }

    [Fact]
    public async Task Watch_FiftyServicesInOneProcess_EachSeesItsOwn()
    {
        var services = Enumerable.Range(0, 50).Select(_ => NewServiceName()).ToArray();
        var watching = await OpenAsync();
        var registering = await OpenAsync();
        var watches = await Task.WhenAll(services.Select(service => WatchRecorder.StartedAsync(watching, service, Cancel)));

        await Task.WhenAll(services.Select((service, i) => RegisterAsync(registering, service, $"i{i}")));

        for (var i = 0; i < services.Length; i++)
        {
            var number = i;
            await UntilOnlyAsync(watches[i], seen => seen.ServiceName == services[number] && seen.Id == $"i{number}");
            await watches[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task Watch_Cancelled_EndsThatWatchOnly()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await using var cancelled = await WatchRecorder.StartedAsync(registry, service, Cancel);
        await using var sibling = await WatchRecorder.StartedAsync(registry, service, Cancel);
        await using var stranger = await WatchRecorder.StartedAsync(registry, service + "2", Cancel);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Ended.WaitAsync(PromptBound, Cancel));

        await RegisterAsync(registry, service);
        await RegisterAsync(registry, service + "2");
        await sibling.UntilAsync(instances => instances.Count == 1, PromptBound);
        await stranger.UntilAsync(instances => instances.Count == 1, PromptBound);
        Assert.Empty(cancelled.Instances);
    }

    [Fact]
    public async Task Watch_CancelledToken_IsCancelled()
    {
        var registry = await OpenAsync();
        await using var watch = WatchRecorder.Start(registry, NewServiceName(), new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.Ended.WaitAsync(PromptBound, Cancel));
    }

    [Fact]
    public async Task Watch_FirstIsCancelled_LaterOnesWork()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await (await WatchRecorder.StartedAsync(registry, service, Cancel)).DisposeAsync();

        await RegisterAsync(registry, service);
        await using var later = await WatchRecorder.StartedAsync(registry, service, Cancel);

        await later.UntilAsync(instances => instances.Count == 1, PromptBound);
    }

    [Fact]
    public async Task Watch_ManyChanges_AddUpToWhatIsListed()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await using var watch = await WatchAsync(service);

        for (var i = 0; i < 40; i++)
        {
            var lease = await RegisterAsync(registry, service, $"i{i % 10}");
            if (i % 3 == 0)
            {
                await lease.RevokeAsync(Cancel);
            }
            else if (i % 3 == 1)
            {
                await lease.KeepAliveAsync(HealthStatus.Degraded, null, Cancel);
            }
        }

        await RegisterAsync(registry, service, "last");
        await watch.UntilAsync(instances => instances.Any(seen => seen.Id == "last"), PromptBound);
        var listed = (await ListAsync(service)).OrderBy(seen => seen.Id, StringComparer.Ordinal).ToArray();
        await watch.UntilAsync(instances => instances.SequenceEqual(listed), PromptBound);
    }
}
