using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Discovery.Testing;

namespace Discovery.Hosting.Tests.Secrets;

/// <summary>Everything that a process says of itself, kept as text: logs of every level and category, metrics, traces, and what is noted.</summary>
internal sealed class Sinks : IDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _said = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public Sinks()
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>(NoteMeasurement);
        _meters.SetMeasurementEventCallback<int>(NoteMeasurement);
        _meters.SetMeasurementEventCallback<double>(NoteMeasurement);
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Note("traces", $"{activity.DisplayName} {activity.StatusDescription} {Text(activity.TagObjects)} "
                + string.Join(' ', activity.Events.Select(happened => $"{happened.Name} {Text(happened.Tags)}")) + string.Join(' ', activity.Baggage)),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public ListLoggerProvider Logs { get; } = new();

    public void Note(string sink, object? text) => _said.GetOrAdd(sink, _ => []).Enqueue(text?.ToString() ?? "");

    /// <summary>All that was said, by sink.</summary>
    public IReadOnlyDictionary<string, string> Read()
    {
        _meters.RecordObservableInstruments();
        var said = _said.ToDictionary(sink => sink.Key, sink => string.Join('\n', sink.Value));
        said["logs"] = string.Join('\n', Logs.Entries);
        return said;
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void NoteMeasurement<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        Note("metrics", $"{instrument.Name} {Text(tags.ToArray())}");

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
