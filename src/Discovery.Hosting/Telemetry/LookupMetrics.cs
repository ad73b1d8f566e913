using System.Diagnostics.Metrics;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Telemetry;

/// <summary>Counts what happens to lookups and calls.</summary>
internal sealed class LookupMetrics : ILookupObserver
{
    private readonly ServiceLabels _services = new();
    private readonly Counter<long> _outages;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _holds;
    private readonly Counter<long> _drops;
    private readonly Counter<long> _ejections;
    private readonly Counter<long> _readmissions;
    private readonly Counter<long> _picks;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _cacheFailures;

    public LookupMetrics(DiscoveryMetrics metrics)
    {
        var meter = metrics.Meter;
        _outages = meter.CreateCounter<long>("discovery.watch.outages", "{outage}", "How often the watch of a service in a registry was lost, by error type.");
        _evictions = meter.CreateCounter<long>("discovery.watch.evictions", "{service}", "How often a service was no longer watched, because nobody asked for it.");
        _holds = meter.CreateCounter<long>("discovery.instance.holds", "{instance}", "Instances that were kept after a registry had lost them without anybody having seen them leave.");
        _drops = meter.CreateCounter<long>("discovery.instance.drops", "{instance}", "Instances so kept that were given up, by reason.");
        _ejections = meter.CreateCounter<long>("discovery.instance.ejections", "{ejection}", "How often an instance that failed was given no calls for a time, by reason.");
        _readmissions = meter.CreateCounter<long>("discovery.instance.readmissions", "{readmission}", "How often an ejected instance was given calls again.");
        _picks = meter.CreateCounter<long>("discovery.picks", "{pick}", "Instances picked for calls; with an error type where there was none to pick.");
        _attempts = meter.CreateCounter<long>("discovery.attempts", "{attempt}", "Requests that were sent to an instance, by what became of them.");
        _retries = meter.CreateCounter<long>("discovery.retries", "{retry}", "Of these attempts, those made after another instance had failed the request.");
        _cacheFailures = meter.CreateCounter<long>("discovery.cache.failures", "{failure}", "How often what is known of services could not be kept on disk or read from it.");
    }

    public Instrument Picks => _picks;

    public void WatchEstablished(string serviceName, bool isRestored)
    {
    }

    public void WatchLost(string serviceName, string registry, RegistryErrorKind kind) =>
        _outages.Add(1, _services.Of(serviceName), new(Labels.Registry, registry), new(Labels.ErrorType, Labels.Of(kind)));

    public void WatchEvicted(string serviceName) => _evictions.Add(1);

    public void SourceChanged(string serviceName, SnapshotSource before, SnapshotSource now)
    {
    }

    public void InstancesChanged(string serviceName, InstanceChanges changes)
    {
    }

    public void InstancesHeld(string serviceName, int count) => _holds.Add(count, _services.OfKnown(serviceName));

    public void HeldInstanceDropped(string serviceName, bool refused) =>
        _drops.Add(1, _services.OfKnown(serviceName), new(Labels.Reason, refused ? "refused" : "expired"));

    public void InstanceEjected(string serviceName, string instanceId, EjectionReason reason) =>
        _ejections.Add(1, _services.OfKnown(serviceName), new(Labels.Reason, Labels.Of(reason)));

    public void InstanceReadmitted(string serviceName, string instanceId) => _readmissions.Add(1, _services.OfKnown(serviceName));

    public void Picked(string serviceName, bool found)
    {
        if (found)
        {
            _picks.Add(1, _services.OfKnown(serviceName));
        }
        else
        {
            _picks.Add(1, _services.Of(serviceName), new(Labels.ErrorType, Labels.NoInstance));
        }
    }

    public void AttemptEnded(string serviceName, PickOutcome outcome)
    {
        if (_attempts.Enabled)
        {
            _attempts.Add(1, _services.OfKnown(serviceName), new(Labels.Outcome, Labels.Of(outcome)));
        }
    }

    public void Retried(string serviceName) => _retries.Add(1, _services.OfKnown(serviceName));

    public void DiskCacheFailed() => _cacheFailures.Add(1);
}
