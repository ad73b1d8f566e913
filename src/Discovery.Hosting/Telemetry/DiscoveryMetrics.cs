using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Telemetry;

/// <summary>The meter <c>Discovery.Hosting</c>.</summary>
internal sealed class DiscoveryMetrics
{
    public const string MeterName = "Discovery.Hosting";

    // Those of OpenTelemetry's conventions for the durations of HTTP calls, and two below, where registries nearby answer.
    private static readonly InstrumentAdvice<double> Durations =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    private readonly Histogram<double> _registryCalls;
    private readonly Histogram<double> _beats;
    private readonly TimeProvider _time;

    public DiscoveryMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        Meter = meters.Create(MeterName);
        _registryCalls = Meter.CreateHistogram(
            "discovery.registry.call.duration", "s", "How long calls to a registry took, by operation and, where they failed, by error type.", advice: Durations);
        _beats = Meter.CreateHistogram(
            "discovery.registration.beat.duration", "s", "How long beats took: the app's health report and the keep-alive that carries it.", advice: Durations);
    }

    /// <summary>The factory's, which disposes of it.</summary>
    public Meter Meter { get; }

    public bool HearsRegistryCalls => _registryCalls.Enabled;

    /// <summary>Adds an instrument that is read when somebody collects: a value of now.</summary>
    public void Gauge(string name, string unit, string description, Func<IEnumerable<Measurement<double>>> read) =>
        Meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>Adds an instrument that is read when somebody collects: a total that only grows.</summary>
    public void Total(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) =>
        Meter.CreateObservableCounter(name, read, unit, description);

    public void RegistryCalled(IServiceRegistry registry, string operation, TimeSpan duration, Exception? error)
    {
        var labels = new TagList { { Labels.Registry, registry.Description }, { Labels.Operation, operation } };
        AddError(ref labels, error);
        _registryCalls.Record(duration.TotalSeconds, labels);
    }

    /// <summary>When a beat begins, or 0 where nobody wants to know.</summary>
    public long BeginBeat() => _beats.Enabled ? _time.GetTimestamp() : 0;

    /// <param name="startedAt">When it began.</param>
    /// <param name="serviceName">Whose beat it was.</param>
    /// <param name="registry">Which registry took it.</param>
    /// <param name="health">What it said.</param>
    /// <param name="error">Why it failed, or null.</param>
    public void EndBeat(long startedAt, string serviceName, IServiceRegistry registry, HealthStatus health, Exception? error)
    {
        if (startedAt == 0)
        {
            return;
        }

        var labels = new TagList { { Labels.Service, serviceName }, { Labels.Registry, registry.Description }, { Labels.Health, Labels.Of(health) } };
        AddError(ref labels, error);
        _beats.Record(_time.GetElapsedTime(startedAt).TotalSeconds, labels);
    }

    private static void AddError(ref TagList labels, Exception? error)
    {
        if (error is not null)
        {
            labels.Add(Labels.ErrorType, Labels.ErrorOf(error));
        }
    }
}
