using Discovery;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace QuickStart;

/// <summary>What this copy is called in the registry, and where it serves.</summary>
internal sealed class OwnRegistration(IDiscoveryDiagnostics diagnostics, IServer server)
{
    public string? Url => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    public WhoAmI WhoAmI => diagnostics.GetRegistrations() is [var registration, ..]
        ? new WhoAmI(registration.ServiceName, registration.InstanceId, Environment.ProcessId)
        : new WhoAmI("quickstart", null, Environment.ProcessId);
}
