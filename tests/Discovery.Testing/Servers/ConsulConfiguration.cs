using System.Text.Json;
using System.Text.Json.Nodes;

namespace Discovery.Testing.Servers;

/// <summary>Consul's configuration file for a single server on loopback ports.</summary>
internal static class ConsulConfiguration
{
    public static string Create(ConsulServerOptions options, string dataFolder, ConsulPorts ports)
    {
        var configuration = new JsonObject
        {
            ["server"] = true,
            ["bootstrap_expect"] = 1,
            ["node_name"] = $"node-{ports.Http}",
            ["data_dir"] = dataFolder,
            ["bind_addr"] = "127.0.0.1",
            ["client_addr"] = "127.0.0.1",
            ["disable_update_check"] = true,
            ["performance"] = new JsonObject { ["raft_multiplier"] = 1 }, // elects itself in 1.6 s instead of 8.4 s
            ["ports"] = new JsonObject
            {
                ["http"] = ports.Http,
                ["https"] = options.Tls is null ? -1 : ports.Https,
                ["dns"] = ports.Dns,
                ["server"] = ports.Server,
                ["serf_lan"] = ports.SerfLan,
                ["serf_wan"] = -1,
                ["grpc"] = -1,
            },
        };
        if (options.Tls is { } tls)
        {
            configuration["ca_file"] = tls.CaCertificatePath;
            configuration["cert_file"] = tls.CertificatePath;
            configuration["key_file"] = tls.KeyPath;
            configuration["verify_incoming_https"] = tls.RequireClientCertificate;
        }

        if (options.BootstrapToken is { } token)
        {
            configuration["acl"] = new JsonObject
            {
                ["enabled"] = true,
                ["default_policy"] = "deny",
                ["enable_token_persistence"] = false,
                ["tokens"] = new JsonObject { ["master"] = token, ["agent"] = token },
            };
        }

        return configuration.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
