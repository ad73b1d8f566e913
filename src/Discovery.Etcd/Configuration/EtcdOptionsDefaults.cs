using Microsoft.Extensions.Options;

namespace Discovery.Etcd.Configuration;

/// <summary>Fills in what configuration leaves empty: binding appends to a list, so that its default cannot stand on the property.</summary>
internal sealed class EtcdOptionsDefaults : IPostConfigureOptions<EtcdOptions>
{
    public const string Endpoint = "http://127.0.0.1:2379";

    public void PostConfigure(string? name, EtcdOptions options)
    {
        if (options.Endpoints.Count == 0)
        {
            options.Endpoints.Add(Endpoint);
        }
    }
}
