using Discovery.Security;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

/// <summary>The members of the cluster, and the one in use: everybody stays with it until somebody finds that it does not answer.</summary>
internal sealed partial class EtcdEndpoints : IDisposable
{
    private readonly EtcdEndpoint[] _endpoints;
    private int _current;

    public EtcdEndpoints(
        IEnumerable<Uri> addresses, TlsOptions tls, Secrets secrets, TimeProvider time, ILogger<EtcdEndpoint> logger, Func<Uri, IEtcdChannel>? connect)
    {
        _endpoints = [.. addresses.Select(address => new EtcdEndpoint(address, tls, secrets, time, logger, connect))];
        if (tls.IsSet() && _endpoints.All(endpoint => endpoint.Address.Scheme != Uri.UriSchemeHttps))
        {
            LogTlsUnused(logger, _endpoints[0].Address);
        }
    }

    public int Count => _endpoints.Length;

    public EtcdEndpoint Current => _endpoints[Volatile.Read(ref _current)];

    /// <summary>All of them, for one who is to try each once.</summary>
    public List<EtcdEndpoint> ToList() => [.. _endpoints];

    /// <summary>The one in use, or where that is not among these the next one after it that is.</summary>
    /// <param name="untried">At least one.</param>
    public EtcdEndpoint NextOf(List<EtcdEndpoint> untried)
    {
        var current = Volatile.Read(ref _current);
        return Enumerable.Range(current, _endpoints.Length).Select(i => _endpoints[i % _endpoints.Length]).First(untried.Contains);
    }

    /// <summary>Moves everybody on to the next endpoint, unless somebody else already has.</summary>
    public void Leave(EtcdEndpoint endpoint)
    {
        var index = Array.IndexOf(_endpoints, endpoint);
        Interlocked.CompareExchange(ref _current, (index + 1) % _endpoints.Length, index);
    }

    public void Dispose()
    {
        foreach (var endpoint in _endpoints)
        {
            endpoint.Dispose();
        }
    }
}
