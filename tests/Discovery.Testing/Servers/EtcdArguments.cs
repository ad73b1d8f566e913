using System.Globalization;

namespace Discovery.Testing.Servers;

/// <summary>etcd's command line, as a member of a cluster of one or more.</summary>
internal static class EtcdArguments
{
    public static List<string> Create(EtcdServerOptions options, string dataFolder, EtcdPorts ports, string initialCluster)
    {
        var scheme = options.Tls is null ? "http" : "https";
        List<string> arguments =
        [
            "--name", $"member-{ports.Client}",
            "--data-dir", dataFolder,
            "--listen-client-urls", $"{scheme}://127.0.0.1:{ports.Client}",
            "--advertise-client-urls", $"{scheme}://127.0.0.1:{ports.Client}",
            "--listen-peer-urls", $"http://127.0.0.1:{ports.Peer}",
            "--initial-advertise-peer-urls", $"http://127.0.0.1:{ports.Peer}",
            "--initial-cluster", initialCluster,
            "--initial-cluster-state", "new",
            "--listen-metrics-urls", $"http://127.0.0.1:{ports.Metrics}", // /health without a client certificate
            "--logger", "zap",
        ];
        if (options.Version != EtcdVersion.V34)
        {
            arguments.Add("--unsafe-no-fsync"); // what is written survives the death of the process, if not of the machine
        }

        if (options.AuthTokenTtlSeconds is { } ttl)
        {
            arguments.AddRange(["--auth-token-ttl", ttl.ToString(CultureInfo.InvariantCulture)]);
        }

        if (options.QuotaBackendBytes is { } quota)
        {
            arguments.AddRange(["--quota-backend-bytes", quota.ToString(CultureInfo.InvariantCulture)]);
        }

        if (options.Tls is { } tls)
        {
            arguments.AddRange(["--trusted-ca-file", tls.CaCertificatePath, "--cert-file", tls.CertificatePath, "--key-file", tls.KeyPath]);
            if (tls.RequireClientCertificate)
            {
                arguments.Add("--client-cert-auth");
            }
        }

        arguments.AddRange(options.Arguments);
        return arguments;
    }
}
