using Discovery.Hosting.Registration;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The two health endpoints that orchestrators ask.</summary>
public static class HealthEndpointRouteBuilderExtensions
{
    private const string LiveTag = "live";

    /// <summary>
    /// Maps <paramref name="livePath"/>, answered by the checks tagged <c>live</c> (200 where there are none: the process answers), and
    /// <paramref name="readyPath"/>, answered by all checks: 200 when Healthy or Degraded, 503 when Unhealthy. While the app is leaving it is
    /// 503, too, and no check is asked: each would be logged as a failure at every probe, though the app does what it was told.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="livePath">The path of the liveness endpoint: a failure asks for a restart.</param>
    /// <param name="readyPath">The path of the readiness endpoint: a failure asks callers to go elsewhere.</param>
    /// <returns>For conventions that apply to both, such as <c>RequireHost</c>.</returns>
    public static IEndpointConventionBuilder MapServiceHealth(
        this IEndpointRouteBuilder endpoints, string livePath = "/health/live", string readyPath = "/health/ready")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup("");
        group.MapHealthChecks(livePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        group.MapHealthChecks(readyPath, Ready(endpoints.ServiceProvider.GetService<DrainState>()));
        return group;
    }

    private static HealthCheckOptions Ready(DrainState? drain)
    {
        var options = new HealthCheckOptions { Predicate = _ => drain is not { IsDraining: true } };
        var write = options.ResponseWriter;
        options.ResponseWriter = (context, report) =>
        {
            if (drain is not { IsDraining: true })
            {
                return write(context, report);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // that no check was asked is Healthy to the middleware
            return write(context, new HealthReport(report.Entries, HealthStatus.Unhealthy, report.TotalDuration));
        };
        return options;
    }
}
