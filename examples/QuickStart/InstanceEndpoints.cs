using System.Globalization;
using System.Runtime.CompilerServices;
using Discovery;

namespace QuickStart;

/// <summary>What the registry knows: once, and as it changes.</summary>
internal static class InstanceEndpoints
{
    public static void MapInstances(this WebApplication app)
    {
        app.MapGet("/services", (IServiceDiscovery discovery, CancellationToken cancellation) => discovery.GetServicesAsync(cancellation));

        app.MapGet("/instances/{service}", async Task<IResult> (string service, IServiceDiscovery discovery, HttpResponse response, CancellationToken cancellation) =>
        {
            if (!ServiceName.TryNormalize(service, out var name))
            {
                return TypedResults.Problem($"'{service}' is not a service name; allowed are {ServiceName.Allowed}.", statusCode: 400);
            }

            var snapshot = await discovery.GetInstancesAsync(name, cancellation);
            response.Headers["X-Discovery-Source"] = snapshot.Source.ToString().ToLowerInvariant();
            response.Headers["X-Discovery-Age-Seconds"] = snapshot.Age.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            return TypedResults.Ok(InstanceView.Of(snapshot));
        });

        app.MapGet("/watch/{service}", IResult (string service, IServiceDiscovery discovery, IHostApplicationLifetime lifetime, CancellationToken cancellation) =>
            ServiceName.TryNormalize(service, out var name)
                ? TypedResults.ServerSentEvents(Watch(name, discovery, lifetime.ApplicationStopping, cancellation))
                : TypedResults.Problem($"'{service}' is not a service name; allowed are {ServiceName.Allowed}.", statusCode: 400));
    }

    // A stream that outlives the signal to stop would hold up the exit until the server loses its patience.
    private static async IAsyncEnumerable<InstanceView[]> Watch(
        string service, IServiceDiscovery discovery, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        await using var snapshots = discovery.WatchAsync(service, ended.Token).GetAsyncEnumerator(ended.Token);
        while (await MoveNext())
        {
            yield return InstanceView.Of(snapshots.Current);
        }

        async ValueTask<bool> MoveNext()
        {
            try
            {
                return await snapshots.MoveNextAsync();
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
