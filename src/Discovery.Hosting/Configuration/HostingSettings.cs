using Discovery.Hosting.Http.Resilience;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Lookup;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Configuration;

/// <summary>All sections but those of the providers, which say theirs themselves, and those of further registrations, whose names only the app knows.</summary>
internal static class HostingSettings
{
    private const string OfOneService = $"{ClientOptions.SectionName}:{nameof(ClientOptions.Services)}:*";

    public static IServiceCollection AddHostingSettings(this IServiceCollection services) => services
        .AddKnownSettings<DiscoveryOptions>(DiscoveryOptions.SectionName)
        .AddKnownSettings<RegistrationOptions>(RegistrationOptions.SectionPath(null)) // even without one: Client:Zone follows it
        .AddKnownSettings<ClientOptions>(ClientOptions.SectionName)
        .AddKnownSettings<ConsistentHashOptions>($"{ClientOptions.SectionName}:{nameof(ClientOptions.ConsistentHash)}")
        .AddKnownSettings<DnsOptions>($"{ClientOptions.SectionName}:{nameof(ClientOptions.Dns)}")
        .AddKnownSettings<DiscoveryResilienceOptions>(DiscoveryResilienceOptions.SectionName)
        .AddKnownSettings<ServiceClientOptions>(OfOneService)
        .AddBalancingSettings(ClientOptions.SectionName)
        .AddBalancingSettings(OfOneService);

    private static IServiceCollection AddBalancingSettings(this IServiceCollection services, string caller) => services
        .AddKnownSettings<OutlierOptions>($"{caller}:{nameof(ClientOptions.Outliers)}")
        .AddKnownSettings<SlowStartOptions>($"{caller}:{nameof(ClientOptions.SlowStart)}")
        .AddKnownSettings<ZonePreferenceOptions>($"{caller}:{nameof(ClientOptions.ZonePreference)}");
}
