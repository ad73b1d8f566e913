using Discovery;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace QuickStart;

/// <summary>What this copy is called in the registry, and where it serves.</summary>
internal sealed class OwnRegistration(IDiscoveryDiagnostics diagnostics, IServer server, IConfiguration configuration)
{
    public string? Url => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    public WhoAmI WhoAmI => diagnostics.GetRegistrations() is [var registration, ..]
        ? new WhoAmI(registration.ServiceName, registration.InstanceId, Environment.ProcessId)
        : new WhoAmI(ServiceName(configuration), null, Environment.ProcessId);

    /// <summary>The name of the service, which is known before this copy is registered.</summary>
    public static string ServiceName(IConfiguration configuration) =>
        configuration["Discovery:Registration:ServiceName"] is { Length: > 0 } name ? name.ToLowerInvariant() : "quickstart";
}
