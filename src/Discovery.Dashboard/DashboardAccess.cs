using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Dashboard;

/// <summary>Who is answered at all, and what browsers are told to allow.</summary>
internal sealed class DashboardAccess(IServiceProvider services, DiscoveryDashboardOptions options)
{
    private readonly bool _isOpen = options.AllowOutsideDevelopment || services.GetRequiredService<IHostEnvironment>().IsDevelopment();

    public RequestDelegate Guard(RequestDelegate answer) => context =>
    {
        if (!_isOpen && !RequiresAuthorization(context.GetEndpoint()))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        headers.CacheControl = "no-store";
        return answer(context);
    };

    // ASP.NET Core refuses to run an endpoint that requires authorization in an app that does not check it.
    private static bool RequiresAuthorization(Endpoint? endpoint) =>
        endpoint is not null
        && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && (endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null);
}
