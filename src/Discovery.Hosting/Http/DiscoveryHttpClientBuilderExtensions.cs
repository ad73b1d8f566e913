using Discovery.Hosting.Http;
using Discovery.Hosting.Http.Resilience;
using Discovery.Hosting.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets an <see cref="HttpClient"/> call services by their names.</summary>
public static class DiscoveryHttpClientBuilderExtensions
{
    /// <summary>
    /// Sends requests whose host is the name of a service (<c>http://orders/…</c>, <c>https://…</c>, or <c>https+http://…</c> for
    /// https where there is any) to one of its instances. Hosts that are IP addresses, <c>localhost</c> or dotted names that no registry knows pass untouched, but for the
    /// scheme <c>https+http</c>, which is the first of the two to them.
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
        HttpSpans.AddTo(builder);
        return builder.AddHttpMessageHandler(static services => services.GetRequiredService<DiscoveryHandler>());
    }

    /// <summary>
    /// <see cref="AddDiscoveryHandler"/> with a sound default pipeline around it: a total time-out, retries on other instances of what may safely be sent
    /// twice, within a budget, and for each instance a circuit breaker and a time-out. All of it is set in the section <c>Discovery:Client:Resilience</c>.
    /// </summary>
    /// <remarks>
    /// Safe are requests that no instance has received, and those of an idempotent method (RFC 9110: GET, HEAD, OPTIONS, TRACE, PUT, DELETE) whose body
    /// can be sent again, when they failed in transport, timed out, or were answered 408, 429 or 5xx. A call that is given up throws what its last attempt
    /// threw, or <c>Polly.Timeout.TimeoutRejectedException</c>; cancelling it ends attempt and waits at once. Hosts that are no service
    /// get the retries and the total time-out. Called again for the same client it adds nothing. Not to be combined with a
    /// <see cref="HttpClient.Timeout"/> below the total time-out, nor with a second retry handler.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    public static IHttpClientBuilder AddDiscovery(this IHttpClientBuilder builder) => builder.AddDiscovery(static _ => { });

    /// <inheritdoc cref="AddDiscovery(IHttpClientBuilder)"/>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Changes the settings for this client after they are read.</param>
    public static IHttpClientBuilder AddDiscovery(this IHttpClientBuilder builder, Action<DiscoveryResilienceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddDiscoveryClient();
        builder.AddResilientDiscovery();
        builder.Services.Configure(builder.Name ?? "", configure);
        return builder;
    }
}
