using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Lookup;

/// <summary>The names of all services, asked of the registry once for all who ask at the same time, and remembered for when it is down.</summary>
internal sealed partial class ServiceNames(
    ServiceRegistries registries, ReloadableOptions<ClientOptions> options, RegistryCalls calls, TimeProvider time, ILogger<ServiceNames> logger)
{
    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private Task<IReadOnlyList<string>>? _asking;
    private IReadOnlyList<string> _lastKnown = [];
    private bool _isReportedLost;

    /// <summary>The names; what was last known where the registry does not answer within FirstAnswerTimeout. Cancelling ends the waiting only.</summary>
    public Task<IReadOnlyList<string>> GetAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<string>> asking;
        lock (_gate)
        {
            if (_asking is not { IsCompleted: false })
            {
                using (ExecutionContext.SuppressFlow())
                {
                    _asking = Task.Run(AskAsync, CancellationToken.None);
                }
            }

            asking = _asking;
        }

        return asking.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> AskAsync()
    {
        var registry = registries.InUse[0];
        var timeout = options.Current.FirstAnswerTimeout;
        using var limit = new CancellationTokenSource(timeout, time);
        try
        {
            var names = await calls.MakeAsync<IReadOnlyList<string>>(
                registry, "list_services", "", token => new(registry.GetServicesAsync(token).WaitAsync(timeout, time, CancellationToken.None)), limit.Token)
                .ConfigureAwait(false);
            lock (_gate)
            {
                _isReportedLost = false;
                return _lastKnown = names;
            }
        }
        catch (Exception e) when (e is RegistryException or TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (!_isReportedLost)
                {
                    _isReportedLost = true;
                    LogNotListed(registry.Description, e.Message);
                }

                return _lastKnown;
            }
        }
    }
}
