using System.Collections.Concurrent;
using Discovery.Hosting.Configuration;
using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Lookup;

/// <summary>The names of all services in all registries, asked for once for all who ask at the same time, and remembered for when a registry is down.</summary>
internal sealed partial class ServiceNames(
    ServiceRegistries registries, ReloadableOptions<ClientOptions> options, RegistryCalls calls, TimeProvider time, ILogger<ServiceNames> logger)
{
    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<IServiceRegistry, IReadOnlyList<string>> _lastKnown = [];
    private readonly ConcurrentDictionary<IServiceRegistry, bool> _reportedLost = [];
    private Task<IReadOnlyList<string>>? _asking;

    /// <summary>The names; what was last known where a registry does not answer within FirstAnswerTimeout. Cancelling ends the waiting only.</summary>
    public Task<IReadOnlyList<string>> GetAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<string>> asking;
        lock (_gate)
        {
            if (_asking is not { IsCompleted: false })
            {
                using (ExecutionContext.SuppressFlow())
                {
                    _asking = Task.Run(AskAllAsync, CancellationToken.None);
                }
            }

            asking = _asking;
        }

        return asking.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> AskAllAsync()
    {
        var asked = registries.InUse.Select(registry => (Registry: registry, WasLost: IsReportedLost(registry), Names: AskAsync(registry))).ToList();

        // One that did not answer the last time is not waited for where others do: its answer will be there the next time.
        var awaited = asked.Any(each => !each.WasLost) ? asked.Where(each => !each.WasLost) : asked;
        await Task.WhenAll(awaited.Select(each => each.Names)).ConfigureAwait(false);
        var names = asked.Select(each => each.Names.IsCompletedSuccessfully ? each.Names.Result : LastKnown(each.Registry)).ToList();
        return names is [var only] ? only : [.. names.SelectMany(some => some).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private bool IsReportedLost(IServiceRegistry registry) => _reportedLost.GetValueOrDefault(registry);

    private IReadOnlyList<string> LastKnown(IServiceRegistry registry) => _lastKnown.GetValueOrDefault(registry, []);

    private async Task<IReadOnlyList<string>> AskAsync(IServiceRegistry registry)
    {
        var timeout = options.Current.FirstAnswerTimeout;
        using var limit = new CancellationTokenSource(timeout, time);
        try
        {
            var names = await calls.MakeAsync<IReadOnlyList<string>>(
                registry, "list_services", "", token => new(registry.GetServicesAsync(token).WaitAsync(timeout, time, CancellationToken.None)), limit.Token)
                .ConfigureAwait(false);
            _reportedLost[registry] = false;
            return _lastKnown[registry] = names;
        }
        catch (Exception e)
        {
            // Whatever it is: a registry that fails as none should is one that does not answer, and takes neither the names of others nor a call to another host with it.
            if (!IsReportedLost(registry))
            {
                _reportedLost[registry] = true;
                var isExpected = e is RegistryException or TimeoutException or OperationCanceledException;
                LogNotListed(isExpected ? null : e, registry.Description, FailureText.Of(e), RegistryAdvice.For(registry));
            }

            return LastKnown(registry);
        }
    }
}
