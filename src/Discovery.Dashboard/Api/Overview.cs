namespace Discovery.Dashboard.Api;

/// <summary>All that the dashboard shows but the instances of a service.</summary>
/// <param name="Time">When it was so.</param>
/// <param name="Services">The services in ordinal order.</param>
/// <param name="Registrations">This app's registrations.</param>
/// <param name="Registries">The registries it calls.</param>
/// <param name="Events">The last events, the newest last.</param>
internal sealed record Overview(
    DateTimeOffset Time,
    IReadOnlyList<ServiceSummary> Services,
    IReadOnlyList<RegistrationView> Registrations,
    IReadOnlyList<RegistryView> Registries,
    IReadOnlyList<EventView> Events);
