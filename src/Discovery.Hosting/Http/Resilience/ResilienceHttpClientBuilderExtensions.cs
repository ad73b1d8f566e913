using Discovery.Hosting.Configuration;
using Discovery.Hosting.Lookup;
using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace Discovery.Hosting.Http.Resilience;

/// <summary>The rooms of a client with <c>AddDiscovery()</c>, from the outside in: total time-out, retries, discovery, circuit and time-out of the instance.</summary>
internal static class ResilienceHttpClientBuilderExtensions
{
    public static void AddResilientDiscovery(this IHttpClientBuilder builder)
    {
        // Where it is added to all clients by ConfigureHttpClientDefaults, they share the settings, the budget and the circuits.
        var name = builder.Name ?? Options.DefaultName;
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(InstanceCircuits) && Equals(service.ServiceKey, name)))
        {
            return;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DiscoveryResilienceOptions>, DiscoveryResilienceOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DiscoveryResilienceOptions>, DiscoveryResilienceOptionsValidator>());
        services.AddSingleton(new StartupSetting(provider => OptionsOf(provider, name)));
        services.AddKeyedSingleton(name, (provider, _) => new InstanceCircuits(
            OptionsOf(provider, name), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<InstanceCircuits>>()));
        HttpSpans.AddTo(builder);
        builder.AddResilienceHandler("discovery", (pipeline, context) =>
        {
            pipeline.ConfigureTelemetry(CallTelemetry.Of(context.ServiceProvider));
            AddRetries(pipeline, OptionsOf(context.ServiceProvider, name), context.ServiceProvider.GetRequiredService<TimeProvider>());
        });
        builder.AddHttpMessageHandler(provider => new DiscoveryHandler(
            provider.GetRequiredService<ServiceHosts>(),
            provider.GetRequiredService<WatchTable>(),
            provider.GetRequiredService<TriedInstances>(),
            provider.GetRequiredService<ILookupObserver>(),
            provider.GetRequiredKeyedService<InstanceCircuits>(name)));
    }

    private static void AddRetries(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, DiscoveryResilienceOptions options, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        pipeline.AddTimeout(new HttpTimeoutStrategyOptions { Name = "total", Timeout = options.TotalTimeout });
        if (options.MaxRetries > 0)
        {
            var retries = new SafeRetries(new RetryBudget(options.RetryRatio, options.MinRetriesPerSecond, time));
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = retries.ShouldHandle,
            });
        }
    }

    private static DiscoveryResilienceOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<DiscoveryResilienceOptions>>().Get(name);
}
