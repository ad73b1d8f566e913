using Discovery.Consul.Client;
using Discovery.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Consul.Configuration;

/// <summary>Fills what is unset from Consul's own environment variables, then from the defaults.</summary>
internal sealed class ConsulEnvironment(IConfiguration configuration) : IPostConfigureOptions<ConsulOptions>
{
    public void PostConfigure(string? name, ConsulOptions options)
    {
        if (string.IsNullOrEmpty(options.Address))
        {
            SetAddress(options);
        }

        if (string.IsNullOrEmpty(options.Token) && string.IsNullOrEmpty(options.TokenFile))
        {
            SetToken(options);
        }

        options.Token = NullIfEmpty(options.Token);
        options.Datacenter = NullIfEmpty(options.Datacenter);
        SetTls(options.Tls);
    }

    private void SetTls(TlsOptions tls)
    {
        tls.CaCertificatePath = NullIfEmpty(tls.CaCertificatePath) ?? Read("CONSUL_CACERT");
        tls.ServerName = NullIfEmpty(tls.ServerName) ?? Read("CONSUL_TLS_SERVER_NAME");
        tls.ClientCertificatePath = NullIfEmpty(tls.ClientCertificatePath);
        tls.ClientKeyPath = NullIfEmpty(tls.ClientKeyPath);
        if (tls is { ClientCertificatePath: null, ClientKeyPath: null })
        {
            tls.ClientCertificatePath = Read("CONSUL_CLIENT_CERT");
            tls.ClientKeyPath = Read("CONSUL_CLIENT_KEY");
        }
    }

    private void SetAddress(ConsulOptions options)
    {
        if (Read("CONSUL_HTTP_ADDR") is not { } address)
        {
            options.Address = ConsulAddress.Default;
            return;
        }

        var ssl = Read("CONSUL_HTTP_SSL") is "1" or "true" or "TRUE" or "True";
        options.Address = ConsulAddress.FromEnvironment(address, ssl);
        options.EnvironmentOrigins[nameof(options.Address)] = "CONSUL_HTTP_ADDR";
    }

    // Consul's own tools prefer the file, too.
    private void SetToken(ConsulOptions options)
    {
        options.TokenFile = Read("CONSUL_HTTP_TOKEN_FILE");
        if (options.TokenFile is not null)
        {
            options.EnvironmentOrigins[nameof(options.TokenFile)] = "CONSUL_HTTP_TOKEN_FILE";
            return;
        }

        options.Token = Read("CONSUL_HTTP_TOKEN");
        options.EnvironmentOrigins[nameof(options.Token)] = "CONSUL_HTTP_TOKEN";
    }

    private string? Read(string variable) => NullIfEmpty(configuration[variable]);

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
