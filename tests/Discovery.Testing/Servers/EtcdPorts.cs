namespace Discovery.Testing.Servers;

/// <summary>The ports of one etcd server, held until it is disposed of so that it can start again on the same ones.</summary>
internal sealed class EtcdPorts : IDisposable
{
    private readonly FreePort[] _ports = FreePort.Take(3);

    public int Client => _ports[0].Number;

    public int Peer => _ports[1].Number;

    public int Metrics => _ports[2].Number;

    /// <summary>The member's part of --initial-cluster.</summary>
    public string Member => $"member-{Client}=http://127.0.0.1:{Peer}";

    public void Dispose()
    {
        foreach (var port in _ports)
        {
            port.Dispose();
        }
    }
}
