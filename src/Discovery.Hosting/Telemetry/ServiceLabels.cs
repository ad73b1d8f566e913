using System.Collections.Concurrent;

namespace Discovery.Hosting.Telemetry;

/// <summary>
/// Which services have series of their own in counters, whose series stay for as long as the process: those that have, or had, an instance, up to a limit.
/// All others share one. So neither names that callers make up nor services that come and go fill a time-series database.
/// </summary>
internal sealed class ServiceLabels
{
    /// <summary>As many services as are watched at once by default.</summary>
    public const int Limit = 1000;

    private static readonly KeyValuePair<string, object?> OfOthers = new(Labels.Service, Labels.Other);

    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>> _known = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The label of a service that has an instance.</summary>
    public KeyValuePair<string, object?> OfKnown(string serviceName)
    {
        if (_known.TryGetValue(serviceName, out var label))
        {
            return label;
        }

        // Counted beside the dictionary, which would lock itself to say how many it holds.
        if (Volatile.Read(ref _count) >= Limit)
        {
            return OfOthers;
        }

        label = new(Labels.Service, serviceName);
        if (_known.TryAdd(serviceName, label))
        {
            Interlocked.Increment(ref _count);
        }

        return label;
    }

    /// <summary>The label of a service that may be no more than a name.</summary>
    public KeyValuePair<string, object?> Of(string serviceName) => _known.GetValueOrDefault(serviceName, OfOthers);
}
