using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Dashboard.Api;

/// <summary>An instance as the app sees it, see <see cref="InstanceStatus"/>.</summary>
internal sealed record InstanceView(
    string Id,
    IReadOnlyList<string> Endpoints,
    IReadOnlyList<string> Registries,
    string? Version,
    string? Zone,
    int Weight,
    double EffectiveWeight,
    IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, string> Metadata,
    string Health,
    double AgeSeconds,
    bool IsCalled,
    bool IsHeld,
    bool IsStartingSlowly,
    string? EjectedFor,
    DateTimeOffset? EjectedUntil,
    long Picks,
    long Failures,
    double Share,
    int InFlight,
    double LatencyMs)
{
    /// <param name="status">The instance.</param>
    /// <param name="allPicks">The calls that all instances of the service have had.</param>
    /// <param name="now">The time.</param>
    public static InstanceView Of(InstanceStatus status, long allPicks, DateTimeOffset now) => new(
        status.Instance.Id,
        [.. status.Instance.Endpoints.Select(WithoutUser)],
        status.Registries,
        status.Instance.Version,
        status.Instance.Zone,
        status.Instance.Weight,
        Math.Round(status.Weight, 1),
        status.Instance.Tags,
        status.Instance.Metadata,
        EnumNames<HealthStatus>.Of(status.Instance.Health),
        Math.Round((now - status.KnownSince).TotalSeconds, 1),
        status.IsCandidate,
        status.IsHeld,
        status.IsStartingSlowly,
        EnumNames<EjectionReason>.Of(status.EjectedFor),
        status.EjectedUntil,
        status.Picks,
        status.Failures,
        allPicks == 0 ? 0 : Math.Round((double)status.Picks / allPicks, 4),
        status.InFlight,
        Math.Round(status.Latency.TotalMilliseconds, 1));

    // Registries of one's own may not leave out users and their passwords, as those that are built in do.
    private static string WithoutUser(Uri endpoint) => endpoint.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);
}
