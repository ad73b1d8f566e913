using System.Collections.Concurrent;
using System.Diagnostics;
using Discovery.Hosting.Telemetry;

namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>The spans that end while it lives, of our source and of .NET's HTTP client.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public RecordedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is DiscoveryMetrics.MeterName or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Those of one service: other tests' spans may be among all.</summary>
    public IReadOnlyList<Activity> Of(string service) => [.. _ended.Where(span => (string?)span.GetTagItem("discovery.service") == service)];

    public void Dispose() => _listener.Dispose();
}
