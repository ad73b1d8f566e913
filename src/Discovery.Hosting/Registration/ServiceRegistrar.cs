using System.Collections.Concurrent;
using Discovery.Configuration;
using Discovery.Hosting.Configuration;
using Discovery.Hosting.Registration.Addresses;

namespace Discovery.Hosting.Registration;

/// <summary>All that this process wants to stand in the registries: what configuration asks for, and what the app adds while it runs.</summary>
internal sealed class ServiceRegistrar : IServiceRegistrar, IAsyncDisposable, IDisposable
{
    private readonly ServiceRegistries _registries;
    private readonly ReloadableOptions<RegistrationOptions> _options;
    private readonly RegistrationServices _services;
    private readonly Lazy<IReadOnlyList<RegistryAccess>> _access;
    private readonly ConcurrentDictionary<(string ServiceName, string Id), RunningRegistration> _added = new();
    private readonly ConcurrentQueue<RunningRegistration> _configured = [];
    private readonly Lock _gate = new();
    private bool _started;
    private bool _stopping;

    public ServiceRegistrar(ServiceRegistries registries, ReloadableOptions<RegistrationOptions> options, RegistrationServices services)
    {
        _registries = registries;
        _options = options;
        _services = services;
        _access = new(() => [.. _registries.InUse.Select(
            registry => new RegistryAccess(registry, _options.Current.Ttl, _services.Time))]);
    }

    private IEnumerable<RunningRegistration> All => _configured.Concat(_added.Values);

    /// <summary>Each registration, with its status in every registry.</summary>
    public IReadOnlyList<IReadOnlyList<RegistrationStatus>> Registrations => [.. All.Select(registration => registration.Status.ToList())];

    /// <summary>Whether callers may know of any registration. Known for sure once all are stopped.</summary>
    public bool WasAnnounced => All.Any(registration => registration.WasAnnounced);

    public IReadOnlyList<RegistrationStatus> Status => [.. All.SelectMany(registration => registration.Status)];

    public Task RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var wanted = Checked(instance);
        RunningRegistration registration;
        lock (_gate)
        {
            if (_stopping)
            {
                throw new InvalidOperationException("The app is stopping: nothing more is registered.");
            }

            if (_configured.SelectMany(registration => registration.Status).Any(own => own.ServiceName == wanted.ServiceName && own.InstanceId == wanted.Id))
            {
                throw new ArgumentException(
                    $"'{wanted.Id}' of '{wanted.ServiceName}' is registered by the app's configuration: it needs an ID of its own within that service.", nameof(instance));
            }

            var key = (wanted.ServiceName, wanted.Id);
            if (_added.TryGetValue(key, out var standing))
            {
                ((InstanceTarget)standing.Target).Replace(wanted);
                standing.Refresh();
                registration = standing;
            }
            else
            {
                registration = Create(new InstanceTarget(wanted, _options.Current));
                _added[key] = registration;
            }

            // Whoever registers while the app still starts must not wait for what begins when it has started.
            if (!_started)
            {
                return Task.CompletedTask;
            }
        }

        return registration.Settled.WaitAsync(cancellationToken);
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken = default) =>
        _added.TryRemove((ServiceName.Normalize(serviceName), id), out var registration)
            ? registration.StopAsync().WaitAsync(cancellationToken)
            : Task.CompletedTask;

    /// <summary>Adds a registration that configuration asks for.</summary>
    public RunningRegistration Add(RegistrationTarget target)
    {
        lock (_gate)
        {
            var registration = Create(target);
            _configured.Enqueue(registration);
            return registration;
        }
    }

    /// <summary>The app serves: what is wanted so far, and from now on at once, is registered.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_started || _stopping)
            {
                return;
            }

            _started = true;
            foreach (var registration in All)
            {
                registration.Start();
            }
        }
    }

    /// <summary>Takes everything back. Bounded, and harmless when called again.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
        }

        return Task.WhenAll(All.Select(registration => registration.StopAsync()));
    }

    /// <summary>
    /// Takes back what still stands. A host that could not start, because another of its services failed after the app was registered, is disposed of and never
    /// stopped: nothing else tells that the app is over.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        foreach (var registration in All)
        {
            registration.Dispose();
        }
    }

    /// <summary>For containers that are disposed of synchronously, which refuse what can only be awaited.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private RunningRegistration Create(RegistrationTarget target)
    {
        var registration = new RunningRegistration(target, _access.Value, _services);
        if (_started)
        {
            registration.Start();
        }

        return registration;
    }

    private static ServiceInstance Checked(ServiceInstance instance)
    {
        if (!ServiceName.IsInstanceId(instance.Id))
        {
            throw new ArgumentException($"'{instance.Id}' is not an instance ID; allowed are {ServiceName.AllowedId}.", nameof(instance));
        }

        var wrong = instance.Endpoints.FirstOrDefault(endpoint => EndpointRules.Parse(endpoint.OriginalString) is null);
        if (instance.Endpoints.Count == 0 || wrong is not null)
        {
            throw new ArgumentException(
                $"'{SettingFormat.WithoutUser(wrong?.OriginalString)}' is not an endpoint; needed is at least one, and each must be {RegistrationLimits.AllowedEndpoint}.", nameof(instance));
        }

        if (InstanceLimits.Exceeded(instance) is { } excess)
        {
            throw new ArgumentException($"'{instance.Id}' {excess}.", nameof(instance));
        }

        if (instance.Tags.Concat(instance.Metadata.Keys).Concat(instance.Metadata.Values).Any(text => text is null || text.Any(char.IsControl)))
        {
            throw new ArgumentException($"A tag or an entry of metadata of '{instance.Id}' is null, or has control characters in it.", nameof(instance));
        }

        return instance with { ServiceName = ServiceName.Normalize(instance.ServiceName) };
    }
}
