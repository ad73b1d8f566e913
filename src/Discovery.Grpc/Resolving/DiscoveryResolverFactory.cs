using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.Grpc.Resolving;

/// <summary>A resolver for each channel whose address is <c>discovery:///{service}</c>.</summary>
internal sealed class DiscoveryResolverFactory(IServiceProvider services, TimeProvider time) : ResolverFactory
{
    public const string Scheme = "discovery";

    private readonly IServiceDiscovery _discovery = services.GetService<IServiceDiscovery>()
        ?? throw new InvalidOperationException("AddDiscoveryGrpcResolver() needs AddServiceRegistration() or AddDiscoveryClient(), of the package Discovery.Hosting.");

    public override string Name => Scheme;

    /// <exception cref="InvalidOperationException">The address names no service.</exception>
    public override Resolver Create(ResolverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var address = options.Address;
        if (address.Host.Length > 0 || !ServiceName.TryNormalize(Uri.UnescapeDataString(address.AbsolutePath.Trim('/')), out var name))
        {
            throw new InvalidOperationException(
                $"'{address.OriginalString}' names no service: write {Scheme}:///name, with three slashes. Allowed in a name are {ServiceName.Allowed}.");
        }

        var reports = new ResolutionReports(_discovery.GetView(name), ChannelSchemes.Of(options), BalancerChoice.IsOurs(options));
        return new DiscoveryResolver(reports, time, options.LoggerFactory.CreateLogger<DiscoveryResolver>());
    }
}
