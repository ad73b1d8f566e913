namespace Discovery.Testing.Servers;

/// <summary>The ports of one Consul server, held until it is disposed of so that it can start again on the same ones.</summary>
internal sealed class ConsulPorts : IDisposable
{
    private readonly FreePort[] _ports = FreePort.Take(5);

    public int Http => _ports[0].Number;

    public int Https => _ports[1].Number;

    public int Dns => _ports[2].Number;

    public int Server => _ports[3].Number;

    public int SerfLan => _ports[4].Number;

    public void Dispose()
    {
        foreach (var port in _ports)
        {
            port.Dispose();
        }
    }
}
