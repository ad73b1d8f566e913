using Discovery;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly;

namespace QuickStart;

/// <summary>Calling another service by its name, and the levers that show what happens then.</summary>
internal static class CallEndpoints
{
    public static void MapCalls(this WebApplication app)
    {
        app.MapGet("/whoami", (OwnRegistration own) => TypedResults.Ok(own.WhoAmI));

        app.MapGet("/call/{service}", async Task<IResult> (string service, WhoAmIClient client, CancellationToken cancellation) =>
        {
            if (!ServiceName.TryNormalize(service, out var name))
            {
                return TypedResults.Problem($"'{service}' is not a service name; allowed are {ServiceName.Allowed}.", statusCode: 400);
            }

            try
            {
                using var answer = await client.AskAsync(name, cancellation);
                var body = await answer.Content.ReadAsStringAsync(cancellation);
                return TypedResults.Text(body, answer.Content.Headers.ContentType?.ToString(), statusCode: (int)answer.StatusCode);
            }
            catch (NoInstanceAvailableException e)
            {
                return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
            }
            catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
            {
                return TypedResults.Problem($"No instance of {name} answered: {e.Message}", statusCode: StatusCodes.Status502BadGateway);
            }
        });

        app.MapGet("/slow", async (int ms, CancellationToken cancellation) =>
        {
            await Task.Delay(Math.Clamp(ms, 0, 60_000), cancellation);
            return TypedResults.Text($"Took {ms} ms.");
        });

        app.MapPost("/simulate/{health}", IResult (string health, SimulatedHealth simulated) =>
        {
            if (!Enum.TryParse<HealthStatus>(health, ignoreCase: true, out var status))
            {
                return TypedResults.Problem($"'{health}' is no health; allowed are healthy, degraded and unhealthy.", statusCode: 400);
            }

            simulated.Set(status);
            return TypedResults.NoContent();
        });
    }
}
