using System.Net.Sockets;
using Grpc.Core;

namespace Discovery.Grpc.Calls;

/// <summary>What the end of a call says of the instance that was picked for it.</summary>
internal static class CallOutcome
{
    /// <summary>By its status, once it is known.</summary>
    public static PickOutcome Of(StatusCode status) => status switch
    {
        // What ASP.NET Core answers where a method throws is Unknown.
        StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss => PickOutcome.Failed,
        StatusCode.DeadlineExceeded => PickOutcome.TimedOut,
        StatusCode.Cancelled => PickOutcome.Cancelled,
        _ => PickOutcome.Success,
    };

    /// <summary>By how its request ended; null for headers, whatever they say.</summary>
    public static PickOutcome Of(Exception? error) => error switch
    {
        null => PickOutcome.Success,
        OperationCanceledException => PickOutcome.Cancelled,
        _ => IsConnectFailure(error) ? PickOutcome.ConnectFailed : PickOutcome.Failed,
    };

    public static bool IsConnectFailure(Exception? error) =>
        error is SocketException
        || error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
}
