using Discovery.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting;

/// <summary>The registries that configuration puts in use, created once for the whole process.</summary>
internal sealed partial class ServiceRegistries : IAsyncDisposable, IDisposable
{
    private const string DefaultProvider = "Local";

    private readonly Lazy<IReadOnlyList<IServiceRegistry>> _inUse;
    private readonly IOptions<DiscoveryOptions> _options;
    private readonly IEnumerable<IServiceRegistryFactory> _factories;
    private readonly IHostEnvironment _environment;
    private readonly ILogger<ServiceRegistries> _logger;

    public ServiceRegistries(
        IOptions<DiscoveryOptions> options,
        IEnumerable<IServiceRegistryFactory> factories,
        IHostEnvironment environment,
        ILogger<ServiceRegistries> logger)
    {
        _options = options;
        _factories = factories;
        _environment = environment;
        _logger = logger;
        _inUse = new(() => [Create()]);
    }

    /// <exception cref="OptionsValidationException">The provider is not known, or a setting of it is not allowed.</exception>
    public IReadOnlyList<IServiceRegistry> InUse => _inUse.Value;

    public async ValueTask DisposeAsync()
    {
        if (_inUse.IsValueCreated)
        {
            foreach (var registry in _inUse.Value)
            {
                await registry.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>For containers that are disposed of synchronously, which refuse what can only be awaited.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private IServiceRegistry Create()
    {
        var configured = _options.Value.Provider;
        var name = string.IsNullOrWhiteSpace(configured) ? DefaultProvider : configured.Trim();

        // The last one registered wins, so that an app can put its own provider in the place of a built-in one.
        var factory = _factories.LastOrDefault(factory => string.Equals(factory.Name, name, StringComparison.OrdinalIgnoreCase));
        if (factory is null)
        {
            var known = string.Join(", ", _factories.Select(factory => factory.Name).Distinct(StringComparer.OrdinalIgnoreCase));
            throw new OptionsValidationException(Options.DefaultName, typeof(DiscoveryOptions),
                [SettingFormat.Message("Discovery:Provider", configured, $"the name of a known provider. Known providers: {known}")]);
        }

        if (string.IsNullOrWhiteSpace(configured) && !_environment.IsDevelopment())
        {
            LogProviderNotSet(_environment.EnvironmentName);
        }

        var registry = factory.Create();
        Check(registry);
        return registry;
    }

    private void Check(IServiceRegistry registry)
    {
        var exposures = RegistryExposure.Of(registry).ToList();
        if (exposures.Count > 0 && _options.Value.RequireSecureRegistry)
        {
            throw new OptionsValidationException(
                Options.DefaultName, typeof(DiscoveryOptions), exposures.Select(exposure => $"Discovery:RequireSecureRegistry is 'True', but {exposure}"));
        }

        foreach (var exposure in _environment.IsDevelopment() ? [] : exposures)
        {
            LogExposed(exposure);
        }
    }
}
