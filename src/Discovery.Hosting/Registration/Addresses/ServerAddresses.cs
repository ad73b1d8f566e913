using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Registration.Addresses;

/// <summary>The addresses that the server has bound, with the scheme by which callers tell what it speaks there.</summary>
/// <remarks>
/// A server calls everything http or https. Where Kestrel speaks HTTP/2 alone (the gRPC template's setting) callers with HTTP/1.1 are refused, and such an endpoint is registered as <c>grpc</c> or <c>grpcs</c>.
/// That is known of endpoints and defaults in Kestrel's configuration; what is set in code Kestrel keeps to itself, so <c>Registration:Scheme</c> says it.
/// </remarks>
internal static class ServerAddresses
{
    private const string Http2 = nameof(HttpProtocols.Http2);

    /// <returns>The bound addresses; empty where there is no server.</returns>
    public static IReadOnlyCollection<string> Of(IServiceProvider services)
    {
        var bound = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var kestrel = services.GetService<IOptions<KestrelServerOptions>>()?.Value.ConfigurationLoader?.Configuration;
        return kestrel is null ? [.. bound] : WithSchemes([.. bound], kestrel);
    }

    /// <summary>Gives the scheme <c>grpc</c> or <c>grpcs</c> to those that speak HTTP/2 alone.</summary>
    /// <param name="bound">What the server reports, in the order in which it was bound.</param>
    /// <param name="kestrel">Kestrel's section of the configuration.</param>
    public static IReadOnlyCollection<string> WithSchemes(IReadOnlyList<string> bound, IConfiguration kestrel)
    {
        var byDefault = kestrel["EndpointDefaults:Protocols"];
        var configured = kestrel.GetSection("Endpoints").GetChildren()
            .Select(endpoint => (Port: PortOf(endpoint["Url"]), Protocols: endpoint["Protocols"] ?? byDefault))
            .ToList();
        var dynamic = new Queue<string?>(configured.Where(endpoint => endpoint.Port is 0).Select(endpoint => endpoint.Protocols));
        var addresses = new List<string>(bound.Count);
        foreach (var address in bound)
        {
            var port = PortOf(address);
            var named = configured.FindIndex(endpoint => endpoint.Port is > 0 && endpoint.Port == port);
            var protocols = named >= 0 ? configured[named].Protocols : dynamic.TryDequeue(out var next) ? next : byDefault;
            addresses.Add(string.Equals(protocols, Http2, StringComparison.OrdinalIgnoreCase) ? ForGrpc(address) : address);
        }

        return addresses;
    }

    /// <summary>The address with the scheme for gRPC: <c>grpc</c>, or <c>grpcs</c> with TLS.</summary>
    public static string ForGrpc(string address) =>
        address.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "grpcs" + address["https".Length..]
        : address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? "grpc" + address["http".Length..]
        : address;

    /// <summary>The address with the scheme for HTTP.</summary>
    public static string ForHttp(string address) =>
        address.StartsWith("grpcs:", StringComparison.OrdinalIgnoreCase) ? "https" + address["grpcs".Length..]
        : address.StartsWith("grpc:", StringComparison.OrdinalIgnoreCase) ? "http" + address["grpc".Length..]
        : address;

    private static int? PortOf(string? url)
    {
        try
        {
            return url is null ? null : BindingAddress.Parse(url).Port;
        }
        catch (FormatException)
        {
            return null; // Kestrel has said so, or will
        }
    }
}
