using Discovery.Hosting.Lookup;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Apps;

/// <summary>Which process answers at which endpoint.</summary>
internal sealed class SimulatedNetwork(SimulatedClock clock)
{
    private readonly Dictionary<string, SimulatedProcess> _listening = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _closed = new(StringComparer.Ordinal);

    public static Uri EndpointOf(string host) => new($"http://{host}:8080");

    public void Listen(SimulatedProcess process) => _listening[process.Host] = process;

    public void Close(SimulatedProcess process)
    {
        if (_listening.GetValueOrDefault(process.Host) == process)
        {
            _listening.Remove(process.Host);
            _closed[process.Host] = clock.Now;
        }
    }

    /// <summary>Since when nothing listens at the endpoint; null where something does.</summary>
    public TimeSpan? RefusesSince(Uri endpoint) => _listening.ContainsKey(endpoint.Host) ? null : _closed.GetValueOrDefault(endpoint.Host);

    // A suspended process accepts connections: its system does that for it.
    public ProbeResult Probe(Uri endpoint) =>
        !_listening.TryGetValue(endpoint.Host, out var process) ? ProbeResult.Refused
        : process.IsReachable ? ProbeResult.Accepted : ProbeResult.Unknown;
}
