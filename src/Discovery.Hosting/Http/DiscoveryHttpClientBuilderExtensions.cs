using Discovery.Hosting.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets an <see cref="HttpClient"/> call services by their names.</summary>
public static class DiscoveryHttpClientBuilderExtensions
{
    /// <summary>
    /// Sends requests whose host is the name of a service (<c>http://orders/…</c>, <c>https://…</c>, or <c>https+http://…</c> for
    /// https where there is any) to one of its instances. Hosts that are IP addresses, <c>localhost</c> or dotted names that no registry knows pass untouched.
    /// </summary>
    /// <remarks>
    /// An instance that no connection can be made to is skipped for another; nothing else is retried. Put retry handlers outside, that is, before it:
    /// each of their attempts then goes to an instance the request has not failed on yet, as far as there is one.
    /// Where there is no instance, sending throws <see cref="Discovery.NoInstanceAvailableException"/>.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    public static IHttpClientBuilder AddDiscoveryHandler(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDiscoveryClient();
        return builder.AddHttpMessageHandler(static services => services.GetRequiredService<DiscoveryHandler>());
    }
}
