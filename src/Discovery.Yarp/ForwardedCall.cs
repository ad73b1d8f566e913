using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Discovery.Yarp;

/// <summary>One forwarded request: tells the balancer what became of it when its response has ended.</summary>
internal sealed class ForwardedCall(HttpContext context, ServicePick pick)
{
    public static void Follow(HttpContext context, in ServicePick pick) =>
        context.Response.OnCompleted(static call => ((ForwardedCall)call).EndAsync(), new ForwardedCall(context, pick));

    /// <summary>What the end of a forwarded request says of the instance.</summary>
    public static PickOutcome OutcomeOf(IForwarderErrorFeature? failure, int statusCode) => failure?.Error switch
    {
        null or ForwarderError.None => statusCode >= 500 ? PickOutcome.Failed : PickOutcome.Success,
        ForwarderError.Request when failure.Exception is HttpRequestException
            { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => PickOutcome.ConnectFailed,
        ForwarderError.Request or ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => PickOutcome.Failed,
        ForwarderError.RequestTimedOut => PickOutcome.TimedOut,
        _ => PickOutcome.Cancelled, // the client's doing, or the proxy's own
    };

    private Task EndAsync()
    {
        pick.Report(OutcomeOf(context.Features.Get<IForwarderErrorFeature>(), context.Response.StatusCode));
        return Task.CompletedTask;
    }
}
