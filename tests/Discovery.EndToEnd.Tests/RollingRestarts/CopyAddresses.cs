using System.Collections.Concurrent;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>
/// Addresses that copies can come back to: a port that the system has picked may be taken by anybody's outgoing connection while its copy is down, that of a
/// caller who tries to reach it included.
/// </summary>
internal sealed class CopyAddresses : IDisposable
{
    private readonly ConcurrentBag<FreePort> _ports = [];

    /// <summary>One that nobody else is given until this is disposed of.</summary>
    public string Take()
    {
        var port = FreePort.Take();
        _ports.Add(port);
        return $"http://127.0.0.1:{port.Number}";
    }

    public void Dispose()
    {
        foreach (var port in _ports)
        {
            port.Dispose();
        }
    }
}
