using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Discovery.Yarp;

/// <summary>Turns configured destinations that name a service into its instances.</summary>
internal sealed partial class DiscoveryDestinationResolver(ServiceViews views, ILogger<DiscoveryDestinationResolver> logger) : IDestinationResolver
{
    private readonly ILogger _logger = logger;

    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        try
        {
            return await ResolveAsync(destinations, cancellationToken).ConfigureAwait(false);
        }
        catch (OptionsValidationException)
        {
            // YARP asks when it is mapped. What is not allowed in the settings of discovery stops the start, which follows, with a message of its own.
            return new(new Dictionary<string, DestinationConfig>(), null);
        }
    }

    private async Task<ResolvedDestinationCollection> ResolveAsync(IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        var tokens = new List<IChangeToken>();
        foreach (var (key, config) in destinations)
        {
            if (await ReadAsync(key, config, cancellationToken).ConfigureAwait(false) is not { } destination)
            {
                resolved[key] = config;
                continue;
            }

            var view = views[destination.ServiceName];
            await view.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);

            // Asked for before the set is read: a change in between fires a token that is already handed out.
            tokens.Add(view.GetChangeToken());
            Expand(destination, view.Current, resolved);
        }

        return new(resolved, tokens.Count == 0 ? null : new CompositeChangeToken(tokens));
    }

    private void Expand(ServiceDestination destination, ServiceSnapshot known, Dictionary<string, DestinationConfig> resolved)
    {
        var before = resolved.Count;
        foreach (var (key, config) in destination.Expand(known.Instances))
        {
            resolved[key] = config;
        }

        if (resolved.Count > before)
        {
            return;
        }

        if (known.Instances.Count == 0)
        {
            LogEmpty(destination.ServiceName, known.Source);
        }
        else
        {
            LogOtherScheme(known.Instances.Count, destination.ServiceName, destination.Scheme);
        }
    }

    // A dotted host may be one of the domain name system: it is a service only where the registry knows it.
    private async ValueTask<ServiceDestination?> ReadAsync(string key, DestinationConfig config, CancellationToken cancellationToken) =>
        ServiceDestination.Read(key, config) is { } destination
        && (!destination.ServiceName.Contains('.')
            || (await views.Discovery.GetServicesAsync(cancellationToken).ConfigureAwait(false)).Contains(destination.ServiceName))
            ? destination
            : null;
}
