namespace Discovery.Testing.Servers;

/// <summary>A real etcd server, ready when it is healthy.</summary>
public sealed class EtcdServer : RegistryServer
{
    private readonly TemporaryFolder _folder = new();
    private readonly EtcdPorts _ports;
    private readonly Etcdctl _etcdctl;
    private readonly HttpClient _health;

    internal EtcdServer(EtcdServerOptions options, EtcdPorts ports, string initialCluster)
    {
        _ports = ports;
        var program = ServerProgram.Etcd(options.Version);
        Run = new ServerRun(program, EtcdArguments.Create(options, _folder.Combine("data"), ports, initialCluster), _folder, IsHealthyAsync);
        Endpoint = new Uri($"{(options.Tls is null ? "http" : "https")}://127.0.0.1:{ports.Client}");
        List<string> connection = ["--endpoints", Endpoint.GetLeftPart(UriPartial.Authority)];
        if (options.Tls is { } tls)
        {
            connection.AddRange(["--cacert", tls.CaCertificatePath]);
        }

        if (options.EtcdctlCertificate is { } certificate)
        {
            connection.AddRange(["--cert", certificate.CertificatePath, "--key", certificate.KeyPath]);
        }

        _etcdctl = new Etcdctl(ServerProgram.Etcdctl(program), connection);
        _health = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports.Metrics}") };
    }

    /// <summary>Where it answers clients.</summary>
    public Uri Endpoint { get; }

    private protected override ServerRun Run { get; }

    /// <summary>Starts a cluster of one and waits until it is healthy; skips the test where that etcd is not on this machine.</summary>
    public static async Task<EtcdServer> StartAsync(EtcdServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EtcdServerOptions();
        _ = ServerProgram.Etcd(options.Version);
        return await ServerRun.StartAsync(() => Alone(options), server => server.StartAgainAsync(wipe: false, cancellationToken));
    }

    /// <summary>Runs etcdctl against this server.</summary>
    /// <param name="args">Such as <c>get --prefix /services/</c>, one element each. With access control on, include <c>--user name:password</c>.</param>
    /// <returns>What it wrote to standard output, lines joined by <c>\n</c>.</returns>
    /// <exception cref="InvalidOperationException">Its exit code was not 0; the message holds what it wrote.</exception>
    public Task<string> EtcdctlAsync(params string[] args) => _etcdctl.RunAsync(args);

    private protected override void LetGo()
    {
        _health.Dispose();
        _ports.Dispose();
        _folder.Dispose();
    }

    private static EtcdServer Alone(EtcdServerOptions options)
    {
        var ports = new EtcdPorts();
        return new EtcdServer(options, ports, ports.Member);
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _health.GetAsync("/health", cancellationToken);
            return (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("\"health\":\"true\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
