using System.Net;
using System.Net.Sockets;
using Discovery.Testing;

namespace Discovery.Tests.Testing;

public sealed class FreePortTests
{
    [Fact]
    public void Take_ManyAtOnce_AllDiffer()
    {
        var ports = FreePort.Take(200);
        try
        {
            Assert.Equal(200, ports.Select(port => port.Number).Distinct().Count());
        }
        finally
        {
            Array.ForEach(ports, port => port.Dispose());
        }
    }

    [Fact]
    public void Take_Given_CanBeListenedOn()
    {
        using var port = FreePort.Take();
        using var listener = new TcpListener(IPAddress.Loopback, port.Number);

        listener.Start();

        Assert.Equal(port.Number, ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
