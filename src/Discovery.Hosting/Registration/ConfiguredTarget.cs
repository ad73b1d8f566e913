using Discovery.Hosting.Configuration;
using Discovery.Hosting.Registration.Addresses;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Registration;

/// <summary>The app itself, as its configuration and its server's bound addresses describe it.</summary>
internal sealed partial class ConfiguredTarget : RegistrationTarget
{
    private readonly string _name;
    private readonly RegistrationOptions _atStart;
    private readonly ReloadableOptions<RegistrationOptions> _options;
    private readonly IReadOnlyCollection<string> _bound;
    private readonly EndpointResolver _endpoints;
    private readonly ILogger<ConfiguredTarget> _logger;
    private int _warnedOfLoopback;

    /// <param name="name">The name the registration was added under; empty for the app's own.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="bound">The addresses the server reports; empty where there is no server.</param>
    /// <param name="endpoints">Turns those into what callers can reach.</param>
    /// <param name="environment">Names the app.</param>
    /// <param name="logger">Where warnings go.</param>
    public ConfiguredTarget(
        string name,
        ReloadableOptions<RegistrationOptions> options,
        IReadOnlyCollection<string> bound,
        EndpointResolver endpoints,
        IHostEnvironment environment,
        ILogger<ConfiguredTarget> logger)
    {
        _name = name;
        _options = options;
        _atStart = options.Current;
        _bound = bound;
        _endpoints = endpoints;
        _logger = logger;
        HealthTags = [.. _atStart.HealthTags];
        ServiceName = ServiceNaming.Service(_atStart, environment.ApplicationName, name);
    }

    public override string ServiceName { get; }

    public override TimeSpan Ttl => _atStart.Ttl;

    public override IReadOnlyCollection<string> HealthTags { get; }

    public override async ValueTask<ServiceInstance> DescribeAsync(IServiceRegistry registry, CancellationToken cancellationToken)
    {
        var section = RegistrationOptions.SectionPath(_name);
        var endpoints = await _endpoints.ResolveAsync(section, _atStart, _bound, registry.Endpoints, cancellationToken).ConfigureAwait(false);
        if (registry.Endpoints.Count > 0 && endpoints.Any(endpoint => EndpointRules.IsLoopback(endpoint.IdnHost))
            && Interlocked.Exchange(ref _warnedOfLoopback, 1) == 0)
        {
            LogLoopback(endpoints[0], registry.Description, section);
        }

        // Identity and address stay what they were at the start; how the instance is described follows a reload.
        var current = _options.Current;
        return new ServiceInstance
        {
            ServiceName = ServiceName,
            Id = _atStart.InstanceId ?? ServiceNaming.InstanceId(ServiceName, Environment.MachineName, endpoints[0]),
            Endpoints = endpoints,
            Version = _atStart.Version,
            Zone = current.Zone,
            Weight = current.Weight,
            Tags = [.. current.Tags],
            Metadata = current.Metadata.Where(pair => pair.Value is not null).ToDictionary(), // the binder keeps a null, which no registry has a place for
        };
    }
}
