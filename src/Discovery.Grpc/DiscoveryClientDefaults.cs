using Discovery.Grpc.Resolving;
using Grpc.Core;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Discovery.Grpc;

/// <summary>What clients of the factory need besides an address of ours, so that the address is all they must say.</summary>
internal sealed class DiscoveryClientDefaults : IPostConfigureOptions<GrpcClientFactoryOptions>
{
    public void PostConfigure(string? name, GrpcClientFactoryOptions options)
    {
        if (options.Address?.Scheme != DiscoveryResolverFactory.Scheme)
        {
            return;
        }

        // After the client's own settings: what these say stays.
        options.ChannelOptionsActions.Add(static channel => channel.Credentials ??= ChannelCredentials.Insecure);
        options.InterceptorRegistrations.Add(new(InterceptorScope.Channel, static services => services.GetRequiredService<DiscoveryInterceptor>()));
    }
}
