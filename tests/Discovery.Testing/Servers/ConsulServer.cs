using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Discovery.Testing.Servers;

/// <summary>A real Consul server, ready when it has elected itself.</summary>
public sealed class ConsulServer : RegistryServer
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConsulPorts _ports = new();
    private readonly ConsulCli _cli;

    private ConsulServer(ConsulServerOptions options, string program)
    {
        List<string> arguments = ["agent", "-config-file", _folder.Write("server.json", ConsulConfiguration.Create(options, _folder.Combine("data"), _ports))];
        if (options.Configuration is { } more)
        {
            arguments.AddRange(["-config-file", _folder.Write("zz-more.json", more)]);
        }

        Run = new ServerRun(program, arguments, _folder, IsReadyAsync);
        Address = new Uri($"http://127.0.0.1:{_ports.Http}");
        _cli = new ConsulCli(program, Address);
        HttpsAddress = options.Tls is null ? null : new Uri($"https://localhost:{_ports.Https}");
        Token = options.BootstrapToken;
        Http = new HttpClient { BaseAddress = Address };
        if (Token is not null)
        {
            Http.DefaultRequestHeaders.Add("X-Consul-Token", Token);
        }
    }

    /// <summary>Where it answers plain HTTP.</summary>
    public Uri Address { get; }

    /// <summary>Where it answers HTTPS, or null without TLS.</summary>
    public Uri? HttpsAddress { get; }

    /// <summary>The port on 127.0.0.1 of its DNS, UDP and TCP.</summary>
    public int DnsPort => _ports.Dns;

    /// <summary>Talks to it past all of our code, for set-up and assertions; carries <see cref="Token"/>.</summary>
    public HttpClient Http { get; }

    /// <summary>The bootstrap token, or null where access is open.</summary>
    public string? Token { get; }

    private protected override ServerRun Run { get; }

    /// <summary>Starts a server and waits until it has elected itself; skips the test where there is no consul on this machine.</summary>
    public static async Task<ConsulServer> StartAsync(ConsulServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var program = ServerProgram.Consul();
        return await ServerRun.StartAsync(
            () => new ConsulServer(options ?? new ConsulServerOptions(), program), server => server.StartAgainAsync(wipe: false, cancellationToken));
    }

    /// <summary>Runs Consul's command-line client against this server.</summary>
    /// <param name="args">Such as <c>catalog services</c>, one element each.</param>
    /// <returns>What it wrote to standard output, lines joined by <c>\n</c>.</returns>
    /// <exception cref="InvalidOperationException">Its exit code was not 0; the message holds what it wrote.</exception>
    public Task<string> CliAsync(params string[] args) => _cli.RunAsync(args);

    private protected override void LetGo()
    {
        Http.Dispose();
        _ports.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var leader = await Http.GetAsync("/v1/status/leader", cancellationToken);
            if (leader.StatusCode != HttpStatusCode.OK || await leader.Content.ReadAsStringAsync(cancellationToken) is "\"\"" or "")
            {
                return false;
            }

            // The leader is ready for others when it has entered itself, which is also when the bootstrap token holds: as the service
            // consul, since its agent may enter the node before that.
            using var servers = await Http.GetAsync("/v1/catalog/service/consul", cancellationToken);
            return servers.StatusCode == HttpStatusCode.OK && await servers.Content.ReadFromJsonAsync<JsonArray>(cancellationToken) is { Count: > 0 };
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
