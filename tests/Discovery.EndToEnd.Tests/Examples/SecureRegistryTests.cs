using System.Net;
using System.Net.Sockets;
using Discovery.Testing;
using Discovery.Testing.Processes;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Examples;

/// <summary>The scripts that start a registry with access control and mutual TLS, and an app in it.</summary>
public sealed class SecureRegistryTests
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task Consul_WithAccessControlAndMutualTls_TakesTheAppAndLetsItLeave() =>
        RunAsync("ConsulSecure", new() { ["CONSUL"] = ServerProgram.Consul() }, "HTTPS_PORT", "SERVER_PORT", "SERF_PORT");

    [Fact]
    public Task Etcd_WithUsersAndMutualTls_TakesTheAppAndLetsItLeave()
    {
        var etcd = ServerProgram.Etcd(EtcdVersion.V35);
        return RunAsync("EtcdSecure", new() { ["ETCD"] = etcd, ["ETCDCTL"] = ServerProgram.Etcdctl(etcd) }, "CLIENT_PORT", "PEER_PORT");
    }

    [Theory]
    [InlineData("ConsulSecure", "CONSUL")]
    [InlineData("EtcdSecure", "ETCDCTL")]
    public async Task Script_ProgramNotThere_SaysWhichAndEnds(string example, string program)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell script");
        await using var script = await AppProcess.StartAsync(Script(example), new Dictionary<string, string?> { [program] = "/nowhere/program" });

        Assert.Equal(127, await script.WaitForExitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.Contains(script.Output.Lines, line => line.Contains("needs", StringComparison.Ordinal) && line.Contains("/nowhere/program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Script_PortOfAnother_ShowsWhyTheRegistryEndedAndEnds()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var https = FreePort.Take();
        using var serf = FreePort.Take();
        await using var script = await AppProcess.StartAsync(Script("ConsulSecure"), new Dictionary<string, string?>
        {
            ["CONSUL"] = ServerProgram.Consul(),
            ["SERVER_PORT"] = $"{((IPEndPoint)other.LocalEndpoint).Port}",
            ["HTTPS_PORT"] = $"{https.Number}",
            ["SERF_PORT"] = $"{serf.Number}",
        });

        Assert.Equal(1, await script.WaitForExitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Contains(script.Output.Lines, line => line.Contains("address already in use", StringComparison.Ordinal));
    }

    private static string Script(string example) => Path.Combine(RepositoryFiles.Root, "examples", example, "run.sh");

    private static async Task RunAsync(string example, Dictionary<string, string?> environment, params IReadOnlyList<string> portNames)
    {
        var ports = portNames.Append("app").Select(name => (Name: name, Port: FreePort.Take())).ToList();
        try
        {
            foreach (var (name, port) in ports)
            {
                environment[name] = $"{port.Number}";
            }

            var url = $"http://127.0.0.1:{ports[^1].Port.Number}";
            environment["ASPNETCORE_URLS"] = url;
            environment["QUICKSTART"] = $"{DotnetCommand.Program} {QuickStartApp.Assembly}";
            environment["Discovery__Client__CacheDirectory"] = "";
            await using var script = await AppProcess.StartAsync(Script(example), environment);
            await using var stopped = new Stopping(script);
            await script.WaitForLineAsync(@"quickstart-\S+ is registered in \w+ https://127\.0\.0\.1:\d+", TimeSpan.FromSeconds(60), Cancellation);
            await Eventually.IsAsync(
                () => Http.GetStringAsync(new Uri($"{url}/services"), Cancellation),
                services => services.Contains("quickstart", StringComparison.Ordinal), cancellationToken: Cancellation);
            using var called = await Http.GetAsync(new Uri($"{url}/call/quickstart"), Cancellation);
            Assert.Equal(HttpStatusCode.OK, called.StatusCode);

            Assert.Equal(143, await script.StopAsync(cancellationToken: Cancellation));
            Assert.Contains(script.Output.Lines, line => line.Contains("has been taken out of", StringComparison.Ordinal));
            Assert.DoesNotContain(script.Output.Lines, line => line.Contains("fail:", StringComparison.Ordinal));
        }
        finally
        {
            ports.ForEach(port => port.Port.Dispose());
        }
    }

    /// <summary>Whatever becomes of the test, the script is asked to end rather than killed: what it has started ends with it then.</summary>
    private sealed class Stopping(AppProcess script) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (script.IsRunning)
            {
                await script.StopAsync(cancellationToken: CancellationToken.None);
            }
        }
    }
}
