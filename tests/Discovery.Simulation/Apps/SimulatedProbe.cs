using Discovery.Hosting.Lookup;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Apps;

/// <summary>Connects to simulated endpoints: an accepted connection, a refusal, or nothing for a second.</summary>
internal sealed class SimulatedProbe(SimulatedNetwork network, ProcessClock clock) : IEndpointProbe
{
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public async Task<ProbeResult> ProbeAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        var result = network.Probe(endpoint);
        await Task.Delay(result is ProbeResult.Unknown ? Limit : Answer, clock, cancellationToken);
        return result;
    }
}
