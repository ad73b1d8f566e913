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
        await WriteUndecodableAsync(service, "broken");
        await RegisterAsync(await OpenAsync(), service);

        await using var watch = await WatchAsync(service);

        await UntilOnlyAsync(watch, seen => seen.Id == "one");
        Assert.DoesNotContain(watch.Changes.SelectMany(change => change.Upserts), seen => seen.Id == "broken");
    }

    [Fact]
    public async Task Watch_UndecodableLater_IsSkippedAndTheWatchGoesOn()
    {
        var service = NewServiceName();
        var registry = await OpenAsync();
        await RegisterAsync(registry, service);
        await using var watch = await WatchAsync(service);
        await watch.UntilAsync(instances => instances.Count == 1, PromptBound);

        await WriteUndecodableAsync(service, "broken");
        await RegisterAsync(registry, service, "two");

        await watch.UntilAsync(instances => instances.Count == 2, PromptBound);
        Assert.DoesNotContain(watch.Changes.SelectMany(change => change.Upserts), seen => seen.Id == "broken");
    }
}
