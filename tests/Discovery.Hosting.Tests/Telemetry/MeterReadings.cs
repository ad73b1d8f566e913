using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Discovery.Hosting.Telemetry;

namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>What the meter of one host tells whoever listens.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Reading> _readings = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();

    /// <param name="metrics">The host's own, for others run in this process.</param>
    public MeterReadings(DiscoveryMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.Start();
    }

    public IReadOnlyCollection<Instrument> Instruments => [.. _instruments.Values];

    /// <summary>What was read of an instrument so far, or of all.</summary>
    public IReadOnlyList<Reading> Of(string? instrument = null) => [.. _readings.Where(reading => instrument is null || reading.Instrument == instrument)];

    /// <summary>Reads the instruments that are read when somebody collects.</summary>
    public IReadOnlyList<Reading> Collect(string instrument)
    {
        var before = _readings.Count;
        _listener.RecordObservableInstruments();
        return [.. _readings.Skip(before).Where(reading => reading.Instrument == instrument)];
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        _readings.Enqueue(new(instrument.Name, value, labels.ToArray().ToDictionary(label => label.Key, label => $"{label.Value}")));

    public sealed record Reading(string Instrument, double Value, IReadOnlyDictionary<string, string> Labels)
    {
        public string? this[string label] => Labels.GetValueOrDefault(label);
    }
}
