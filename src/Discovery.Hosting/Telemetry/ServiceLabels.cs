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

    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>> _known = new(StringComparer.Ordinal);

    private static readonly KeyValuePair<string, object?> s_other = new(Labels.Service, Labels.Other);

    /// <summary>The label of a service that has an instance.</summary>
    public KeyValuePair<string, object?> OfKnown(string serviceName) =>
        _known.TryGetValue(serviceName, out var label) ? label
        : _known.Count < Limit ? _known.GetOrAdd(serviceName, static name => new(Labels.Service, name))
        : s_other;

    /// <summary>The label of a service that may be no more than a name.</summary>
    public KeyValuePair<string, object?> Of(string serviceName) => _known.GetValueOrDefault(serviceName, s_other);
}
