using System.Net.Sockets;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Discovery.Hosting.Http;

/// <summary>What an attempt's end says of the instance.</summary>
internal static class AttemptOutcome
{
    public static PickOutcome Of(HttpResponseMessage response) => (int)response.StatusCode >= 500 ? PickOutcome.Failed : PickOutcome.Success;

    public static PickOutcome Of(Exception error, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => PickOutcome.Cancelled,
        OperationCanceledException { InnerException: TimeoutException } or TimeoutException or TimeoutRejectedException => PickOutcome.TimedOut,
        OperationCanceledException => PickOutcome.Cancelled,
        BrokenCircuitException => PickOutcome.Cancelled, // our own refusal: the instance was not asked
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
            or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => PickOutcome.ConnectFailed,
        _ => PickOutcome.Failed,
    };
}
