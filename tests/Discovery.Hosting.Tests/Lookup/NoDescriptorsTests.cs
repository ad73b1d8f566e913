using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>A process that may open nothing more, as one whose calls hang in an outage comes to be. Nothing runs beside it: the whole process may not.</summary>
[Collection(nameof(NoDescriptorsTests))]
[CollectionDefinition(nameof(NoDescriptorsTests), DisableParallelization = true)]
[SupportedOSPlatform("linux")]
public sealed partial class NoDescriptorsTests
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    // A probe that throws ends the probing of all that is held.
    [Fact]
    public async Task Probe_WithoutADescriptorLeft_IsUnknown()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is set as Linux has it.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var probe = new TcpEndpointProbe(TimeProvider.System);
        var endpoint = new UriBuilder("http", "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port).Uri;
        Assert.Equal(ProbeResult.Accepted, await probe.ProbeAsync(endpoint, TestContext.Current.CancellationToken));

        Assert.Equal(0, GetLimit(OpenFiles, out var before));
        Task<ProbeResult> probing;
        SocketException proof;
        try
        {
            Assert.Equal(0, SetLimit(OpenFiles, before with { Soft = 0 }));
            proof = Assert.Throws<SocketException>(() => new Socket(SocketType.Stream, ProtocolType.Tcp));
            probing = probe.ProbeAsync(endpoint, TestContext.Current.CancellationToken); // opens its socket before it returns
        }
        finally
        {
            Assert.Equal(0, SetLimit(OpenFiles, before));
        }

        Assert.Equal(SocketError.TooManyOpenSockets, proof.SocketErrorCode);
        Assert.Equal(ProbeResult.Unknown, await probing);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
