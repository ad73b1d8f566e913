using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>The settings of one service that decide which of its instances a policy chooses from, and by which weights.</summary>
internal sealed record BalancingSettings(
    string? Zone, ZonePreferenceOptions ZonePreference, OutlierOptions Outliers, SlowStartOptions SlowStart, int PanicThresholdPercent)
{
    public static BalancingSettings Default { get; } = Of(new ClientOptions(), "");

    public static BalancingSettings Of(ClientOptions options, string serviceName)
    {
        var service = options.For(serviceName);
        return new(
            options.Zone,
            service?.ZonePreference ?? options.ZonePreference,
            service?.Outliers ?? options.Outliers,
            service?.SlowStart ?? options.SlowStart,
            options.PanicThresholdPercent);
    }

    /// <summary>Whether the instance is in the caller's own zone, and that matters.</summary>
    public bool IsNear(ServiceInstance instance) =>
        ZonePreference.Enabled && Zone is { Length: > 0 } && string.Equals(instance.Zone, Zone, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether so few of them are well that the rest must help out.</summary>
    public bool AreTooFew(int well, int all) => 100L * well < (long)PanicThresholdPercent * all;
}
