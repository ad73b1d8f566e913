using System.Net;
using System.Net.Sockets;
using Discovery.Hosting.Lookup;
using Discovery.Testing;

namespace Discovery.Hosting.Tests.Lookup;

public sealed class TcpEndpointProbeTests
{
    private readonly TcpEndpointProbe _probe = new(TimeProvider.System);

    [Fact]
    public async Task Probe_OfAListener_IsAccepted()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.Equal(ProbeResult.Accepted, await ProbeAsync(((IPEndPoint)listener.LocalEndpoint).Port));
    }

    [Fact]
    public async Task Probe_OfAClosedPort_IsRefused()
    {
        using var port = FreePort.Take();

        Assert.Equal(ProbeResult.Refused, await ProbeAsync(port.Number));
    }

    [Fact]
    public async Task Probe_OfANameThatDoesNotResolve_IsUnknown() =>
        Assert.Equal(ProbeResult.Unknown, await _probe.ProbeAsync(new Uri("http://nowhere.invalid:80"), TestContext.Current.CancellationToken));

    // A soft hyphen alone is read as a host, and has no form in DNS.
    [Fact]
    public async Task Probe_OfAHostThatDnsHasNoNameFor_IsUnknown() =>
        Assert.Equal(ProbeResult.Unknown, await _probe.ProbeAsync(new Uri("http://\u00ad:80"), TestContext.Current.CancellationToken));

    [Fact]
    public async Task Probe_OfAnEndpointWithoutAPort_IsUnknown() =>
        Assert.Equal(ProbeResult.Unknown, await _probe.ProbeAsync(new Uri("grpc://127.0.0.1"), TestContext.Current.CancellationToken));

    private Task<ProbeResult> ProbeAsync(int port) => _probe.ProbeAsync(new UriBuilder("http", "127.0.0.1", port).Uri, TestContext.Current.CancellationToken);
}
