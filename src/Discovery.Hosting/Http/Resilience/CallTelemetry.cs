using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly.Telemetry;

namespace Discovery.Hosting.Http.Resilience;

/// <summary>
/// What Polly tells of calls. By itself it writes two lines of level Information for each call and a warning for each retry; here they are for those who look closer, level Debug,
/// since an instance that fails is told of once, by its circuit and its ejection. What the app has set up for telemetry (enrichers, listeners, severities) holds.
/// </summary>
internal static class CallTelemetry
{
    public static TelemetryOptions Of(IServiceProvider services)
    {
        var app = services.GetRequiredService<IOptions<TelemetryOptions>>().Value;
        return app.SeverityProvider is not null ? app : new TelemetryOptions(app) { SeverityProvider = _ => ResilienceEventSeverity.Debug };
    }
}
