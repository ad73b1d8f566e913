using System.Collections.Concurrent;

namespace Discovery.Consul;

/// <summary>
/// Which service of this process has which ID on the agent. There an ID is unique whatever the service; two services that ask at the
/// same time whether one is free are both told that it is, and the later would take it from the earlier.
/// </summary>
/// <remarks>Another process may do the same: that is found out by the next beat of whoever lost the ID (<see cref="ConsulLease"/>).</remarks>
internal sealed class AgentIdClaims
{
    private readonly ConcurrentDictionary<string, string> _holders = new(StringComparer.Ordinal);

    /// <summary>Takes an ID; false where another service of this process has it.</summary>
    public bool TryTake(string id, string serviceName) => _holders.GetOrAdd(id, serviceName) == serviceName;

    /// <summary>Gives an ID back; harmless where it is another's.</summary>
    public void Release(string id, string serviceName) => _holders.TryRemove(KeyValuePair.Create(id, serviceName));
}
