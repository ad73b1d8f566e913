using System.Diagnostics;

namespace Discovery.Hosting.Telemetry;

/// <summary>A call that somebody listens to: its span, and how long it took.</summary>
internal sealed class HeardRegistryCall : RegistryCall
{
    private readonly IServiceRegistry _registry;
    private readonly string _operation;
    private readonly DiscoveryMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly Activity? _span;
    private bool _isRecorded;

    public HeardRegistryCall(
        IServiceRegistry registry, string operation, string serviceName, DiscoveryMetrics metrics, RegistryContact contact, TimeProvider time)
        : base(contact)
    {
        _registry = registry;
        _operation = operation;
        _metrics = metrics;
        _time = time;
        _span = DiscoveryActivities.Source.HasListeners() ? Start(registry, operation, serviceName) : null;
        _startedAt = metrics.HearsRegistryCalls ? time.GetTimestamp() : 0;
    }

    public override void Answered()
    {
        base.Answered();
        Record(error: null);
    }

    public override void Failed(Exception error, bool isGivenUp)
    {
        base.Failed(error, isGivenUp);
        MarkFailed(error);
        Record(error);
    }

    // How long a call took that was not made is nothing to measure.
    public override void NotMade(Exception reason)
    {
        base.NotMade(reason);
        MarkFailed(reason);
    }

    public override void Dispose()
    {
        base.Dispose();
        _span?.Dispose();
    }

    private void MarkFailed(Exception error) =>
        _span?.SetTag(Labels.ErrorType, Labels.ErrorOf(error)).SetStatus(ActivityStatusCode.Error, error.Message);

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
