namespace Discovery.Testing.Conformance;

/// <summary>What a registry must do with registrations that somebody else wrote and that say nothing it understands.</summary>
public abstract class RegistryUndecodableConformance : RegistryConformanceBase
{
    /// <summary>Writes, past the provider, a registration of the service that is no instance: not decodable, or without a usable endpoint.</summary>
    protected abstract Task WriteUndecodableAsync(string serviceName, string id);

    [Fact]
    public async Task Watch_UndecodableWhenItStarts_IsSkipped()
    {
        var service = NewServiceName();
        await WriteUndecodableAsync(service, $"broken-{service}");
        await RegisterAsync(await OpenAsync(), service);

        await using var watch = await WatchAsync(service);

        await UntilOnlyAsync(watch, seen => seen.Id == "one");
        Assert.DoesNotContain(watch.Changes.SelectMany(change => change.Upserts), seen => seen.Id.StartsWith("broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_UndecodableLater_IsSkippedAndTheWatchGoesOn()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await RegisterAsync(registry, service);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);

        await WriteUndecodableAsync(service, $"broken-{service}");
        await RegisterAsync(registry, service, "two");

        await watch.UntilAsync(instances => instances.Count == 2, PromptBound);
        Assert.DoesNotContain(watch.Changes.SelectMany(change => change.Upserts), seen => seen.Id.StartsWith("broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_UndecodableInThePlaceOfAnInstance_NoLongerShowsThatInstance()
    {
        var service = NewServiceName();
        var id = $"one-{service}"; // on a Consul agent no other service's either
        var registry = await OpenAsync();
        await RegisterAsync(registry, service);
        await RegisterAsync(registry, service, id);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 2, PromptBound);

        await WriteUndecodableAsync(service, id);

        await UntilOnlyAsync(watch, seen => seen.Id == "one"); // as whoever begins to watch now sees it
    }
}
