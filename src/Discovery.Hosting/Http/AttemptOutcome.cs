using System.Net.Sockets;

namespace Discovery.Hosting.Http;

/// <summary>What an attempt's end says of the instance.</summary>
internal static class AttemptOutcome
{
    public static PickOutcome Of(HttpResponseMessage response) => (int)response.StatusCode >= 500 ? PickOutcome.Failed : PickOutcome.Success;

    public static PickOutcome Of(Exception error, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => PickOutcome.Cancelled,
        OperationCanceledException { InnerException: TimeoutException } or TimeoutException => PickOutcome.TimedOut,
        OperationCanceledException => PickOutcome.Cancelled,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
            or HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => PickOutcome.ConnectFailed,
        _ => PickOutcome.Failed,
    };
}
