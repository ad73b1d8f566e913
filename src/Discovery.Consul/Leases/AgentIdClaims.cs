namespace Discovery.Consul.Leases;

/// <summary>
/// Which service of this process has which ID on the agent. There an ID is unique whatever the service; two services that ask at the
/// same time whether one is free are both told that it is, and the later would take it from the earlier.
/// </summary>
/// <remarks>Another process may do the same: that is found out by the next beat of whoever lost the ID (<see cref="ConsulLease"/>).</remarks>
internal sealed class AgentIdClaims
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string ServiceName, int Claims)> _holders = new(StringComparer.Ordinal);

    /// <summary>Takes an ID, which one service may do several times: what is registered anew takes it before the lease from before lets go of it.</summary>
    /// <returns>Gives it back when it is disposed of; null where another service of this process has it.</returns>
    public IDisposable? TryTake(string id, string serviceName)
    {
        lock (_gate)
        {
            var (holder, claims) = _holders.GetValueOrDefault(id, (serviceName, 0));
            if (holder != serviceName)
            {
                return null;
            }

            _holders[id] = (serviceName, claims + 1);
            return new Claim(this, id);
        }
    }

    private void Release(string id)
    {
        lock (_gate)
        {
            var (holder, claims) = _holders[id];
            if (claims > 1)
            {
                _holders[id] = (holder, claims - 1);
            }
            else
            {
                _holders.Remove(id);
            }
        }
    }

    private sealed class Claim(AgentIdClaims claims, string id) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                claims.Release(id);
            }
        }
    }
}
