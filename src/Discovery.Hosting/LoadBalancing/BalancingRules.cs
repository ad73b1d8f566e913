using Discovery.Hosting.Configuration;
using Discovery.Hosting.Lookup;
using static Discovery.Hosting.Configuration.SettingRules;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>What the settings of load balancing may be.</summary>
internal static class BalancingRules
{
    public static readonly SettingRule<ClientOptions> PanicThresholdPercent = Count<ClientOptions>(nameof(ClientOptions.PanicThresholdPercent), o => o.PanicThresholdPercent, 0, 100);

    public static readonly SettingRule<OutlierOptions>[] Outliers =
    [
        Count<OutlierOptions>(nameof(OutlierOptions.ConsecutiveFailures), o => o.ConsecutiveFailures, 0, 1000),
        Count<OutlierOptions>(nameof(OutlierOptions.ConsecutiveConnectFailures), o => o.ConsecutiveConnectFailures, 0, 1000),
        Time<OutlierOptions>(nameof(OutlierOptions.Interval), o => o.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        Time<OutlierOptions>(nameof(OutlierOptions.BaseEjectionTime), o => o.BaseEjectionTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        Time<OutlierOptions>(nameof(OutlierOptions.BaseConnectEjectionTime), o => o.BaseConnectEjectionTime, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
        Time<OutlierOptions>(nameof(OutlierOptions.MaxEjectionTime), o => o.MaxEjectionTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        Number<OutlierOptions>(nameof(OutlierOptions.EjectionJitter), o => o.EjectionJitter, 0, 1),
        Count<OutlierOptions>(nameof(OutlierOptions.MaxEjectedPercent), o => o.MaxEjectedPercent, 0, 100),
        Count<OutlierOptions>(nameof(OutlierOptions.SuccessRateMinimumHosts), o => o.SuccessRateMinimumHosts, 2, 1000),
        Count<OutlierOptions>(nameof(OutlierOptions.SuccessRateRequestVolume), o => o.SuccessRateRequestVolume, 1, 1_000_000),
        Number<OutlierOptions>(nameof(OutlierOptions.SuccessRateStdevFactor), o => o.SuccessRateStdevFactor, 0, 10),
    ];

    public static readonly SettingRule<SlowStartOptions>[] SlowStart =
    [
        Time<SlowStartOptions>(nameof(SlowStartOptions.Window), o => o.Window, TimeSpan.Zero, TimeSpan.FromHours(1)),
        Count<SlowStartOptions>(nameof(SlowStartOptions.MinimumWeightPercent), o => o.MinimumWeightPercent, 1, 100),
        Number<SlowStartOptions>(nameof(SlowStartOptions.Aggression), o => o.Aggression, 0.1, 10),
    ];

    public static readonly SettingRule<ZonePreferenceOptions>[] ZonePreference =
    [
        Number<ZonePreferenceOptions>(nameof(ZonePreferenceOptions.Overprovisioning), o => o.Overprovisioning, 1, 100),
        Count<ZonePreferenceOptions>(nameof(ZonePreferenceOptions.MinimumInstances), o => o.MinimumInstances, 1, 1000),
    ];

    public static readonly SettingRule<ConsistentHashOptions>[] ConsistentHash =
    [
        Number<ConsistentHashOptions>(nameof(ConsistentHashOptions.LoadFactor), o => o.LoadFactor, 1.01, 100),
    ];
}
