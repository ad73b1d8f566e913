using Discovery.Hosting.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting;

/// <summary>The registries that configuration puts in use, created once for the whole process.</summary>
internal sealed partial class ServiceRegistries : IAsyncDisposable, IDisposable
{
    private readonly Lazy<IReadOnlyList<IServiceRegistry>> _inUse;
    private readonly IOptions<DiscoveryOptions> _options;
    private readonly IReadOnlyList<IServiceRegistryFactory> _factories;
    private readonly IHostEnvironment _environment;
    private readonly ILogger<ServiceRegistries> _logger;

    public ServiceRegistries(
        IOptions<DiscoveryOptions> options,
        IEnumerable<IServiceRegistryFactory> factories,
        IHostEnvironment environment,
        ILogger<ServiceRegistries> logger)
    {
        _options = options;
        _factories = [.. factories];
        _environment = environment;
        _logger = logger;
        _inUse = new(() => Create());
    }

    /// <summary>At least one, in the order in which configuration names them.</summary>
    /// <exception cref="OptionsValidationException">A provider is not known, or a setting of one is not allowed.</exception>
    public IReadOnlyList<IServiceRegistry> InUse => _inUse.Value;

    public async ValueTask DisposeAsync()
    {
        if (_inUse.IsValueCreated)
        {
            await CloseAsync(_inUse.Value).ConfigureAwait(false);
        }
    }

    /// <summary>For containers that are disposed of synchronously, which refuse what can only be awaited.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private List<IServiceRegistry> Create()
    {
        var chosen = ChosenProviders.Of(_options.Value, _factories);
        if (!ChosenProviders.AreNamed(_options.Value) && !_environment.IsDevelopment())
        {
            LogProviderNotSet(_environment.EnvironmentName);
        }

        var registries = new List<IServiceRegistry>();
        var failures = new List<string>();
        foreach (var factory in chosen)
        {
            try
            {
                registries.Add(factory.Create());
            }
            catch (OptionsValidationException e)
            {
                failures.AddRange(e.Failures);
            }
        }

        failures.AddRange(Check(registries));
        if (failures.Count > 0)
        {
            CloseAsync(registries).AsTask().GetAwaiter().GetResult();
            throw new OptionsValidationException(Options.DefaultName, typeof(DiscoveryOptions), failures);
        }

        return registries;
    }

    private IEnumerable<string> Check(List<IServiceRegistry> registries)
    {
        var exposures = registries.SelectMany(RegistryExposure.Of).ToList();
        if (_options.Value.RequireSecureRegistry)
        {
            return exposures.Select(exposure => $"Discovery:RequireSecureRegistry is 'True', but {exposure}");
        }

        foreach (var exposure in _environment.IsDevelopment() ? [] : exposures)
        {
            LogExposed(exposure);
        }

        return [];
    }

    // At once: one that hangs must not keep the others open.
    private static async ValueTask CloseAsync(IEnumerable<IServiceRegistry> registries) =>
        await Task.WhenAll(registries.Select(registry => registry.DisposeAsync().AsTask())).ConfigureAwait(false);
}
