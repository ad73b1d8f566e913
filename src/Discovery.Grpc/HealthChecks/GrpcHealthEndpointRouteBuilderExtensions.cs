using Discovery.Grpc.HealthChecks;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The health of the app in the words of gRPC.</summary>
public static class GrpcHealthEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>grpc.health.v1.Health</c>, answered by all health checks as <c>/health/ready</c> is: SERVING when Healthy or Degraded, NOT_SERVING when Unhealthy and from the moment the app is told to
    /// stop, with which watches end. It answers for the app as a whole (no service named) and for each gRPC service mapped. Needs <c>AddGrpc()</c> and <c>AddHealthChecks()</c>, which <c>AddServiceRegistration()</c> includes.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    public static GrpcServiceEndpointConventionBuilder MapGrpcServiceHealth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapGrpcService<GrpcHealthService>();
    }
}
