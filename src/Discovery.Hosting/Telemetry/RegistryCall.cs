using System.Diagnostics;

namespace Discovery.Hosting.Telemetry;

/// <summary>One call to a registry that is under way. Nothing is measured, and no span begun, where nobody listens.</summary>
internal sealed class RegistryCall : IDisposable
{
    private readonly IServiceRegistry _registry;
    private readonly string _operation;
    private readonly DiscoveryMetrics _metrics;
    private readonly RegistryContact _contact;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly Activity? _span;
    private bool _isRecorded;

    public RegistryCall(
        IServiceRegistry registry, string operation, string serviceName, DiscoveryMetrics metrics, RegistryContact contact, TimeProvider time)
    {
        _registry = registry;
        _operation = operation;
        _metrics = metrics;
        _contact = contact;
        _time = time;
        _span = DiscoveryActivities.Source.HasListeners() ? Start(registry, operation, serviceName) : null;
        _startedAt = metrics.HearsRegistryCalls ? time.GetTimestamp() : 0;
    }

    /// <summary>The registry has answered. A watch is answered again and again: what is measured of it is how long the first answer took.</summary>
    public void Answered()
    {
        _contact.Answered();
        Record(error: null);
    }

    /// <param name="error">What came of it.</param>
    /// <param name="isGivenUp">Whether the caller no longer wanted an answer, which says nothing of the registry.</param>
    public void Failed(Exception error, bool isGivenUp)
    {
        if (!isGivenUp)
        {
            _contact.Failed(error);
        }

        _span?.SetTag(Labels.ErrorType, Labels.ErrorOf(error)).SetStatus(ActivityStatusCode.Error, error.Message);
        Record(error);
    }

    public void Dispose() => _span?.Dispose();

    private void Record(Exception? error)
    {
        if (!_isRecorded)
        {
            _isRecorded = true;
            _span?.Dispose();
            if (_startedAt != 0)
            {
                _metrics.RegistryCalled(_registry, _operation, _time.GetElapsedTime(_startedAt), error);
            }
        }
    }

    private static Activity? Start(IServiceRegistry registry, string operation, string serviceName)
    {
        var span = DiscoveryActivities.Source.StartActivity(
            serviceName.Length == 0 ? operation : $"{operation} {serviceName}", registry.Endpoints.Count == 0 ? ActivityKind.Internal : ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(Labels.Registry, registry.Description).SetTag(Labels.Operation, operation);
            if (serviceName.Length > 0)
            {
                span.SetTag(Labels.Service, serviceName);
            }

            // Which member of several answers is the provider's to know.
            if (registry.Endpoints is [var endpoint])
            {
                span.SetTag(Labels.ServerAddress, endpoint.IdnHost).SetTag(Labels.ServerPort, endpoint.Port);
            }
        }

        return span;
    }
}
