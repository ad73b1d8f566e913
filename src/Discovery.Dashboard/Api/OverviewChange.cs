namespace Discovery.Dashboard.Api;

/// <summary>What has changed in an <see cref="Overview"/>; null is what has not.</summary>
/// <param name="Time">When that was seen.</param>
/// <param name="Services">The services that are new or otherwise.</param>
/// <param name="Removed">The names of those that are no longer shown.</param>
/// <param name="Registrations">All registrations.</param>
/// <param name="Registries">All registries.</param>
/// <param name="Events">The new events.</param>
internal sealed record OverviewChange(
    DateTimeOffset Time,
    IReadOnlyList<ServiceSummary>? Services,
    IReadOnlyList<string>? Removed,
    IReadOnlyList<RegistrationView>? Registrations,
    IReadOnlyList<RegistryView>? Registries,
    IReadOnlyList<EventView>? Events)
{
    /// <returns>Null where nothing has changed that is worth telling: ages grow by themselves.</returns>
    public static OverviewChange? Between(Overview before, Overview now)
    {
        var known = before.Services.ToDictionary(service => service.Name);
        var services = now.Services.Where(service => !known.Remove(service.Name, out var earlier) || !service.IsLike(earlier)).ToList();
        var last = before.Events.Count == 0 ? 0 : before.Events[^1].Number;
        var events = now.Events.Where(each => each.Number > last).ToList();
        var change = new OverviewChange(
            now.Time,
            services.Count == 0 ? null : services,
            known.Count == 0 ? null : [.. known.Keys],
            before.Registrations.SequenceEqual(now.Registrations) ? null : now.Registrations,
            before.Registries.SequenceEqual(now.Registries, RegistryView.Likeness) ? null : now.Registries,
            events.Count == 0 ? null : events);
        return change is { Services: null, Removed: null, Registrations: null, Registries: null, Events: null } ? null : change;
    }
}
