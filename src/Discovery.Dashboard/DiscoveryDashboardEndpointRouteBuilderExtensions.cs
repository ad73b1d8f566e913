using Discovery;
using Discovery.Dashboard;
using Discovery.Dashboard.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The page that shows the registry as the app sees it.</summary>
public static class DiscoveryDashboardEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a page at <paramref name="path"/> that shows, live, the services with their instances, this app's registrations, the registries and what has happened lately;
    /// and the JSON that it is made of: <c>{path}/api/services</c>, <c>{path}/api/services/{name}</c> and, as server-sent events, <c>{path}/api/events</c>.
    /// </summary>
    /// <remarks>
    /// Read-only. Outside the environment Development all of it answers 404, unless the endpoints require authorization
    /// (<c>app.MapDiscoveryDashboard().RequireAuthorization("operators")</c>) or <see cref="DiscoveryDashboardOptions.AllowOutsideDevelopment"/> is set. The streams end when the
    /// app begins to stop, so that they do not hold up its exit. Nothing is computed while nobody looks on.
    /// </remarks>
    /// <param name="endpoints">The app. Needs <c>AddServiceRegistration()</c> or <c>AddDiscoveryClient()</c>.</param>
    /// <param name="path">Where the page is.</param>
    /// <param name="configure">Changes how it is served.</param>
    /// <returns>For conventions that apply to all of it, such as <c>RequireAuthorization</c> and <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException">The app has no discovery.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IEndpointConventionBuilder MapDiscoveryDashboard(
        this IEndpointRouteBuilder endpoints, string path = "/discovery", Action<DiscoveryDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        var options = new DiscoveryDashboardOptions();
        configure?.Invoke(options);
        options.Validate();
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(IDiscoveryDiagnostics)) == false)
        {
            throw new InvalidOperationException("The dashboard shows what discovery knows: call AddServiceRegistration() or AddDiscoveryClient(), of the package Discovery.Hosting, first.");
        }

        var api = new DashboardApi(endpoints.ServiceProvider, options);
        var access = new DashboardAccess(endpoints.ServiceProvider, options);
        var group = endpoints.MapGroup(path);
        group.MapGet("", access.Guard(DashboardApi.GetPageAsync)).WithMetadata(new ExcludeFromDescriptionAttribute());
        group.MapGet("/api/services", access.Guard(api.GetServicesAsync)).WithMetadata(ApiDescription.Services);
        group.MapGet("/api/services/{name}", access.Guard(api.GetServiceAsync)).WithMetadata(ApiDescription.Service);
        group.MapGet("/api/events", access.Guard(api.GetEventsAsync)).WithMetadata(ApiDescription.Events);
        return group;
    }
}
