using System.Globalization;
using Discovery;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace QuickStart;

/// <summary>What this copy is called in the registry, and where it serves.</summary>
internal sealed class OwnRegistration(IDiscoveryDiagnostics diagnostics, IServer server, IConfiguration configuration)
{
    /// <summary>As a browser on this machine can open it: bound to all addresses, it is there on localhost too.</summary>
    public string? Url => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?
        .Replace("//[::]:", "//localhost:", StringComparison.Ordinal).Replace("//0.0.0.0:", "//localhost:", StringComparison.Ordinal);

    /// <summary>For a second copy: next to this copy's port; port 0 is whichever is free.</summary>
    public string AnotherUrl
    {
        get
        {
            var port = Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Port < ushort.MaxValue ? url.Port + 1 : 0;
            return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        }
    }

    public WhoAmI WhoAmI => diagnostics.GetRegistrations() is [var registration, ..]
        ? new WhoAmI(registration.ServiceName, registration.InstanceId, Environment.ProcessId)
        : new WhoAmI(ServiceName(configuration), null, Environment.ProcessId);

    /// <summary>The name of the service, which is known before this copy is registered.</summary>
    public static string ServiceName(IConfiguration configuration) =>
        configuration["Discovery:Registration:ServiceName"] is { Length: > 0 } name ? name.ToLowerInvariant() : "quickstart";
}
