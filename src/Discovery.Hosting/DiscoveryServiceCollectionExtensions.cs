using Discovery;
using Discovery.Hosting;
using Discovery.Hosting.Configuration;
using Discovery.Hosting.Health;
using Discovery.Hosting.Lookup;
using Discovery.Hosting.Registration;
using Discovery.Hosting.Registration.Addresses;
using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The front door: registering this app, and finding others.</summary>
public static class DiscoveryServiceCollectionExtensions
{
    /// <summary>
    /// Keeps the app in the registry exactly while it can serve: after its server has bound its addresses, as long as its health
    /// checks hold, until it is told to stop. Everything is set in the configuration section <c>Discovery</c>; an empty one
    /// registers in Local under the application's name. Finding others (<see cref="AddDiscoveryClient"/>) is included.
    /// </summary>
    /// <remarks>Called again it adds nothing.</remarks>
    /// <param name="services">The app's services.</param>
    public static IServiceCollection AddServiceRegistration(this IServiceCollection services) =>
        services.AddServiceRegistration(Options.Options.DefaultName, static _ => { });

    /// <inheritdoc cref="AddServiceRegistration(IServiceCollection)"/>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Changes the settings of the section <c>Discovery:Registration</c> after they are read.</param>
    public static IServiceCollection AddServiceRegistration(this IServiceCollection services, Action<RegistrationOptions> configure) =>
        services.AddServiceRegistration(Options.Options.DefaultName, configure);

    /// <summary>
    /// Adds a further registration of the app under another service name, such as that of its administrative port. Its settings
    /// stand in the section <c>Discovery:Registrations:{name}</c>; the service is called <c>{app}-{name}</c> unless they name it.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">The name of the registration.</param>
    public static IServiceCollection AddServiceRegistration(this IServiceCollection services, string name) =>
        services.AddServiceRegistration(name, static _ => { });

    /// <inheritdoc cref="AddServiceRegistration(IServiceCollection, string)"/>
    /// <param name="services">The app's services.</param>
    /// <param name="name">The name of the registration.</param>
    /// <param name="configure">Changes its settings after they are read.</param>
    public static IServiceCollection AddServiceRegistration(
        this IServiceCollection services, string name, Action<RegistrationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddDiscoveryClient();
        AddRegistration(services);
        if (!services.Any(service => service.ImplementationInstance is NamedRegistration known && known.Name == name))
        {
            services.AddSingleton(new NamedRegistration(name));
            AddRegistrationOptions(services, name);
        }

        return services.Configure(name, configure);
    }

    /// <summary>
    /// Finds the instances of other services by name (<see cref="IServiceDiscovery"/>), for apps that do not register themselves.
    /// Everything is set in the configuration section <c>Discovery</c>; an empty one looks in Local.
    /// </summary>
    /// <param name="services">The app's services.</param>
    public static IServiceCollection AddDiscoveryClient(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(ServiceRegistries)))
        {
            return services;
        }

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddLocalServiceRegistry().AddConsulServiceRegistry().AddEtcdServiceRegistry();
        services.AddSingleton<DiscoveryMetrics>();
        services.AddSingleton<RegistryContacts>();
        services.AddSingleton<RegistryCalls>();
        services.AddSingleton<DiscoveryJournal>();
        services.AddSingleton<LookupMetrics>();
        services.TryAddSingleton<ILookupObserver, LookupTelemetry>();
        services.AddLookup();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DiscoveryOptions>, DiscoveryOptionsSetup>());
        services.AddSingleton<ServiceRegistries>();
        services.AddSingleton<IDiscoveryDiagnostics, DiscoveryDiagnostics>();
        services.AddSingleton(new StartupSetting(provider => _ = provider.GetRequiredService<ServiceRegistries>().InUse));
        services.AddHostingSettings();
        services.AddSingleton<IgnoredSettingWarnings>();
        services.AddSingleton(new StartupSetting(provider => provider.GetRequiredService<IgnoredSettingWarnings>().Begin()));
        services.AddHostedService<StartupValidation>();
        services.AddHostedService<StateMetrics>();
        return services;
    }

    // Options of a name are read from one place: those of the framework would throw in whoever reloads, and in whoever asks next.
    private static void AddRegistrationOptions(IServiceCollection services, string name)
    {
        if (services.Any(service => service.ServiceType == typeof(ReloadableOptions<RegistrationOptions>) && name.Equals(service.ServiceKey)))
        {
            return;
        }

        services.AddSingleton<IOptionsChangeTokenSource<RegistrationOptions>>(provider => new ConfigurationChangeTokenSource<RegistrationOptions>(
            name, provider.GetRequiredService<IConfiguration>().GetSection(RegistrationOptions.SectionPath(name))));
        services.AddKeyedSingleton(name, (provider, _) => new ReloadableOptions<RegistrationOptions>(
            provider.GetRequiredService<IOptionsFactory<RegistrationOptions>>(),
            provider.GetServices<IOptionsChangeTokenSource<RegistrationOptions>>(),
            provider.GetRequiredService<ILogger<ReloadableOptions<RegistrationOptions>>>(),
            name));
        services.AddSingleton(new StartupSetting(provider => _ = provider.GetRequiredKeyedService<ReloadableOptions<RegistrationOptions>>(name).Current));
        services.AddKnownSettings<RegistrationOptions>(RegistrationOptions.SectionPath(name));
    }

    private static void AddRegistration(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ServiceRegistrar)))
        {
            return;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<RegistrationOptions>, RegistrationOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RegistrationOptions>, RegistrationOptionsValidator>());
        AddRegistrationOptions(services, Options.Options.DefaultName); // even where all that is registered has a name: what the app adds while it runs goes by them
        services.TryAddSingleton<INetworkView, SystemNetworkView>();
        services.AddSingleton<AdvertisedAddress>();
        services.AddSingleton<EndpointResolver>();
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<DrainState>();
        services.AddSingleton(provider => new ServiceRegistrar(
            provider.GetRequiredService<ServiceRegistries>(),
            provider.GetRequiredKeyedService<ReloadableOptions<RegistrationOptions>>(Options.Options.DefaultName),
            provider.GetRequiredService<RegistrationServices>()));
        services.AddSingleton<IServiceRegistrar>(provider => provider.GetRequiredService<ServiceRegistrar>());
        services.AddSingleton(provider => new RegistrationServices(
            provider.GetRequiredService<HealthMonitor>(),
            provider.GetRequiredService<RegistryCalls>(),
            provider.GetRequiredService<DiscoveryMetrics>(),
            provider.GetRequiredService<DiscoveryJournal>(),
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService<ServiceRegistrationService>();
        services.AddHealthChecks()
            .AddCheck<RegistrationHealthCheck>(OwnHealthChecks.Registration, HealthStatus.Unhealthy, [OwnHealthChecks.ReadyTag])
            .AddCheck<RegistryHealthCheck>(OwnHealthChecks.Registry, HealthStatus.Degraded, [OwnHealthChecks.RegistryTag]);
    }
}
