using Discovery.Hosting.Configuration;
using Discovery.Hosting.Registration.Addresses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Registration;

/// <summary>
/// Puts the app into the registry when it serves and takes it out before it stops serving. Measured on .NET 10: at
/// <see cref="StartedAsync"/> the server's addresses are bound and answer (at <see cref="StartAsync"/> there are none yet), and
/// <see cref="StoppingAsync"/> is awaited while the server still serves (at <see cref="StopAsync"/> its ports are closed).
/// </summary>
internal sealed partial class ServiceRegistrationService : IHostedLifecycleService, IDisposable
{
    private readonly IServiceProvider _provider;
    private readonly ServiceRegistrar _registrar;
    private readonly DrainState _drain;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger<ServiceRegistrationService> _logger;
    private readonly Dictionary<string, ReloadableOptions<RegistrationOptions>> _options = [];
    private readonly Lock _gate = new();
    private Task? _leaving;
    private CancellationTokenRegistration _signal;

    public ServiceRegistrationService(
        IServiceProvider provider,
        ServiceRegistrar registrar,
        DrainState drain,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<ServiceRegistrationService> logger)
    {
        _provider = provider;
        _registrar = registrar;
        _drain = drain;
        _lifetime = lifetime;
        _time = time;
        _logger = logger;
    }

    /// <exception cref="DiscoveryStartupException">A setting is not allowed, or two registrations would have the same ID.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in _provider.GetServices<NamedRegistration>())
        {
            _options[registration.Name] = _provider.GetRequiredKeyedService<ReloadableOptions<RegistrationOptions>>(registration.Name);
        }

        var settings = _options.Select(options => KeyValuePair.Create(options.Key, options.Value.Current));
        if (IdentityConflicts.Find(settings, _provider.GetRequiredService<IHostEnvironment>()).ToList() is { Count: > 0 } conflicts)
        {
            throw new DiscoveryStartupException(string.Join(Environment.NewLine, conflicts));
        }

        _signal = _lifetime.ApplicationStopping.Register(() => _ = LeaveAsync());
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="DiscoveryStartupException">FailFast is set, and the first attempt to register failed.</exception>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var mustSucceed = new List<RunningRegistration>();
        foreach (var (name, options) in _options)
        {
            if (!options.Current.Enabled)
            {
                var section = RegistrationOptions.SectionPath(name);
                LogNotEnabled(section);
                continue;
            }

            var target = new ConfiguredTarget(
                name,
                options,
                ServerAddresses.Of(_provider),
                _provider.GetRequiredService<EndpointResolver>(),
                _provider.GetRequiredService<IHostEnvironment>(),
                _provider.GetRequiredService<ILogger<ConfiguredTarget>>());
            var registration = _registrar.Add(target);
            options.OnChange(_ => registration.Refresh());
            if (options.Current.FailFast)
            {
                mustSucceed.Add(registration);
            }
        }

        _registrar.Start();
        foreach (var registration in mustSucceed)
        {
            if (await registration.FirstAttemptAsync().WaitAsync(cancellationToken).ConfigureAwait(false) is { } failure)
            {
                await _registrar.StopAsync().ConfigureAwait(false);
                throw new DiscoveryStartupException(
                    $"{registration.Target.ServiceName} could not be registered, and FailFast is set: {failure.Message}", failure);
            }
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        LeaveAsync().WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signal.Dispose();

    // The signal and the host both ask, and the host may ask twice.
    private Task LeaveAsync()
    {
        _drain.Begin();
        lock (_gate)
        {
            return _leaving ??= Task.Run(LeaveOnceAsync);
        }
    }

    private async Task LeaveOnceAsync()
    {
        await _registrar.StopAsync().ConfigureAwait(false);
        var delay = _options.Values.Where(options => options.Current.Enabled).Select(options => options.Current.DrainDelay).DefaultIfEmpty().Max();
        if (_registrar.WasAnnounced && delay > TimeSpan.Zero)
        {
            LogDraining(delay);
            await Task.Delay(delay, _time).ConfigureAwait(false);
        }
    }
}
