using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Discovery.Grpc.HealthChecks;

/// <summary>grpc.health.v1 by the app's own health checks, the same that <c>/health/ready</c> runs.</summary>
/// <remarks>
/// Not by a health check publisher: its first report comes after seconds, and registrations with a period of their own make partial ones, of which each would overwrite the other.
/// </remarks>
internal sealed class GrpcHealthService(HealthCheckService checks, IHostApplicationLifetime lifetime, EndpointDataSource endpoints, TimeProvider? time = null)
    : Health.HealthBase
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <exception cref="RpcException">NotFound: the app has no such service.</exception>
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        IsServed(request.Service)
            ? new() { Status = await GetStatusAsync(context.CancellationToken).ConfigureAwait(false) }
            : throw new RpcException(new Status(StatusCode.NotFound, $"This app has no service '{request.Service}'."));

    // Ends when the app is told to stop, as every stream must that is not to delay its exit.
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var last = ServingStatus.Unknown;
        while (true)
        {
            var status = IsServed(request.Service) ? await GetStatusAsync(context.CancellationToken).ConfigureAwait(false) : ServingStatus.ServiceUnknown;
            if (status != last)
            {
                await responseStream.WriteAsync(new() { Status = last = status }, context.CancellationToken).ConfigureAwait(false);
            }

            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(WatchInterval, _time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<ServingStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return ServingStatus.NotServing;
        }

        var report = await checks.CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        return report.Status is HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving;
    }

    private bool IsServed(string service) =>
        service.Length == 0 || endpoints.Endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName == service);
}
