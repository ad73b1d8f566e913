using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>A real etcd server of one's own, with its data on disk, that can be killed, frozen, started again and wiped.</summary>
public sealed class EtcdServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EtcdPorts _ports;
    private readonly ServerRun _run;
    private readonly Etcdctl _etcdctl;
    private readonly HttpClient _health;

    internal EtcdServer(EtcdServerOptions options, EtcdPorts ports, string initialCluster)
    {
        _ports = ports;
        var program = ServerProgram.Etcd(options.Version);
        _run = new ServerRun(program, EtcdArguments.Create(options, _folder.Combine("data"), ports, initialCluster), _folder, IsHealthyAsync);
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

    /// <summary>Whether the process lives, frozen or not.</summary>
    public bool IsRunning => _run.IsRunning;

    /// <summary>What it has logged since it was last started.</summary>
    public ProcessOutput Output => _run.Output;

    /// <summary>Starts a cluster of one and waits until it is healthy; skips the test where that etcd is not on this machine.</summary>
    public static async Task<EtcdServer> StartAsync(EtcdServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EtcdServerOptions();
        _ = ServerProgram.Etcd(options.Version);
        return await ServerRun.StartAsync(() => Alone(options), server => server.StartAgainAsync(wipe: false, cancellationToken));
    }

    /// <summary>Starts it after its end on the same ports and waits until it is healthy.</summary>
    /// <param name="wipe">Whether it has lost all its data. Not for a member of a larger cluster, which would not let it back in.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task StartAgainAsync(bool wipe = false, CancellationToken cancellationToken = default) => _run.StartAgainAsync(wipe, cancellationToken);

    /// <summary>Stops it, keeps a copy of its data as a backup would, and starts it again.</summary>
    public Task BackUpAsync(CancellationToken cancellationToken = default) => _run.BackUpAsync(cancellationToken);

    /// <summary>Starts it after its end with the data of <see cref="BackUpAsync"/>: what was written since is lost.</summary>
    public Task RestoreAsync(CancellationToken cancellationToken = default) => _run.RestoreAsync(cancellationToken);

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public Task KillAsync() => _run.EndAsync(Signal.Kill);

    /// <summary>SIGTERM; returns when the process is gone.</summary>
    public Task StopAsync() => _run.EndAsync(Signal.Terminate);

    /// <summary>Freezes it: it accepts connections, and answers none.</summary>
    public void Suspend() => _run.Send(Signal.Stop);

    /// <summary>Lets it go on after <see cref="Suspend"/>.</summary>
    public void Resume() => _run.Send(Signal.Continue);

    /// <summary>Runs etcdctl against this server.</summary>
    /// <param name="args">Such as <c>get --prefix /services/</c>, one element each. With access control on, include <c>--user name:password</c>.</param>
    /// <returns>What it wrote to standard output, lines joined by <c>\n</c>.</returns>
    /// <exception cref="InvalidOperationException">Its exit code was not 0; the message holds what it wrote.</exception>
    public Task<string> EtcdctlAsync(params string[] args) => _etcdctl.RunAsync(args);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
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
