using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Discovery.Hosting.Telemetry;

/// <summary>The meter <c>Discovery.Hosting</c>.</summary>
internal sealed class DiscoveryMetrics : IDisposable
{
    public const string MeterName = "Discovery.Hosting";

    private readonly Meter _meter;
    private readonly Histogram<double> _registryCalls;
    private readonly TimeProvider _time;

    public DiscoveryMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(MeterName);
        _registryCalls = _meter.CreateHistogram<double>(
            "discovery.registry.call.duration", "s", "How long calls to a registry took, by operation and, where they failed, by error type.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    /// <summary>Adds an instrument that is read when somebody collects: a value of now.</summary>
    public void Gauge(string name, string unit, string description, Func<IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>Adds an instrument that is read when somebody collects: a total that only grows.</summary>
    public void Total(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, read, unit, description);

    /// <summary>Makes a call to a registry, and measures it.</summary>
    public async Task<T> MeasureAsync<T>(
        IServiceRegistry registry, string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();
        try
        {
            var result = await call(cancellationToken).ConfigureAwait(false);
            Record(registry, operation, startedAt, error: null);
            return result;
        }
        catch (Exception e)
        {
            Record(registry, operation, startedAt, e);
            throw;
        }
    }

    /// <inheritdoc cref="MeasureAsync{T}"/>
    public Task MeasureAsync(
        IServiceRegistry registry, string operation, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        MeasureAsync(registry, operation, async token =>
        {
            await call(token).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    public void Dispose() => _meter.Dispose();

    private void Record(IServiceRegistry registry, string operation, long startedAt, Exception? error)
    {
        if (!_registryCalls.Enabled)
        {
            return;
        }

        var tags = new TagList { { "discovery.registry", registry.Description }, { "discovery.operation", operation } };
        if (error is not null)
        {
            tags.Add("error.type", error is RegistryException { Kind: var kind } ? kind.ToString().ToLowerInvariant() : error.GetType().Name);
        }

        _registryCalls.Record(_time.GetElapsedTime(startedAt).TotalSeconds, tags);
    }
}
