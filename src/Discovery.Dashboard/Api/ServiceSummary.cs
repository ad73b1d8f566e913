namespace Discovery.Dashboard.Api;

/// <summary>A service in a few numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsWatched">Whether the app follows its instances; if not, they are not known.</param>
/// <param name="Source">Where its instances are known from: live, stale, disk, static, dns, none.</param>
/// <param name="AgeSeconds">How long ago the registry last confirmed them; 0 while live.</param>
/// <param name="Policy">The load-balancing policy.</param>
/// <param name="Instances">How many instances there are, by what may be done with them.</param>
internal sealed record ServiceSummary(string Name, bool IsWatched, string Source, double AgeSeconds, string? Policy, CountsView Instances)
{
    public static ServiceSummary Of(ServiceStatus service) => new(
        service.ServiceName,
        true,
        EnumNames<SnapshotSource>.Of(service.Source),
        Math.Round(service.Age.TotalSeconds, 1),
        service.Policy,
        CountsView.Of(service.Counts));

    /// <summary>A service that is known by name only.</summary>
    public static ServiceSummary Named(string name) =>
        new(name, false, EnumNames<SnapshotSource>.Of(SnapshotSource.None), 0, null, CountsView.Of(default));

    /// <summary>Whether it differs in nothing but its age.</summary>
    public bool IsLike(ServiceSummary other) => this with { AgeSeconds = other.AgeSeconds } == other;
}
