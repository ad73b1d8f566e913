using System.Collections.Concurrent;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>Answers as if the endpoints were there, but for those that the test has closed.</summary>
internal sealed class ScriptedProbe : IEndpointProbe
{
    private readonly ConcurrentDictionary<Uri, byte> _closed = [];
    private int _probes;

    public int Probes => Volatile.Read(ref _probes);

    public void Close(params ServiceInstance[] instances) => Array.ForEach(instances, instance => _closed[instance.Endpoints[0]] = 0);

    public Task<ProbeResult> ProbeAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        return Task.FromResult(_closed.ContainsKey(endpoint) ? ProbeResult.Refused : ProbeResult.Accepted);
    }
}
