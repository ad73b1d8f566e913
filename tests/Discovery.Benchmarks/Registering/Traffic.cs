using Discovery.Testing;

namespace Discovery.Benchmarks.Registering;

/// <summary>What goes over the wire each second.</summary>
/// <param name="Sent">Bytes to the server.</param>
/// <param name="Received">Bytes from it.</param>
/// <param name="Connections">How many are open at the end.</param>
internal sealed record Traffic(double Sent, double Received, int Connections)
{
    /// <summary>Starts it through a proxy that counts.</summary>
    public static async Task<Traffic> MeasureAsync(Uri server, Func<Uri, Task<Beating>> start)
    {
        await using var proxy = TcpProxy.Start(server);
        await using var counted = await start(proxy.Address);
        var (sent, received) = (proxy.ClientBytes, proxy.ServerBytes);
        await Task.Delay(Heartbeats.Measured, TimeProvider.System);
        var seconds = Heartbeats.Measured.TotalSeconds;
        return new((proxy.ClientBytes - sent) / seconds, (proxy.ServerBytes - received) / seconds, proxy.OpenCount);
    }
}
