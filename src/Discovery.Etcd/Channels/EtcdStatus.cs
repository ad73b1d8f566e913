using System.Security.Authentication;
using Grpc.Core;

namespace Discovery.Etcd.Channels;

/// <summary>What the statuses that etcd and the channel answer with mean.</summary>
internal static class EtcdStatus
{
    /// <summary>Whether another endpoint may do better. Kills, hangs and lost connections come as any of these.</summary>
    public static bool IsEndpointFailure(RpcException e) => e.StatusCode
        is StatusCode.Unavailable or StatusCode.Internal or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Unknown;

    /// <summary>Whether the token was refused, rather than the user.</summary>
    public static bool IsTokenRefused(RpcException e) => IsTokenRefusal(e.Status.Detail);

    /// <inheritdoc cref="IsTokenRefused"/>
    public static bool IsTokenRefusal(string? reason) =>
        Says(reason, "invalid auth token") || Says(reason, "revision of auth store is old") || Says(reason, "user name is empty");

    /// <summary>Whether the lease that a call names is unknown to etcd.</summary>
    public static bool IsLeaseGone(RpcException e) => e.StatusCode == StatusCode.NotFound && Says(e.Status.Detail, "requested lease not found");

    /// <summary>Whether a read was dropped because the cluster elected a leader meanwhile: it is to be asked again.</summary>
    public static bool IsLeaderChanged(RpcException e) => Says(e.Status.Detail, "leader changed");

    public static bool IsAuthenticationOff(RpcException e) => e.StatusCode == StatusCode.FailedPrecondition && Says(e.Status.Detail, "authentication is not enabled");

    public static bool IsLoginRefused(RpcException e) => e.StatusCode == StatusCode.InvalidArgument && Says(e.Status.Detail, "authentication failed");

    public static bool IsFull(RpcException e) => e.StatusCode == StatusCode.ResourceExhausted && Says(e.Status.Detail, "space exceeded");

    /// <summary>The certificate or handshake error at the bottom of it, or null.</summary>
    public static AuthenticationException? HandshakeFailure(RpcException e)
    {
        Exception? cause = e.Status.DebugException ?? e.InnerException;
        while (cause is not null and not AuthenticationException)
        {
            cause = cause.InnerException;
        }

        return (AuthenticationException?)cause;
    }

    /// <summary>The same failure, saying which endpoint it is of.</summary>
    public static RpcException At(Uri endpoint, RpcException e) =>
        new(new Status(e.StatusCode, $"{endpoint.GetLeftPart(UriPartial.Authority)}: {e.Status.Detail}", e.Status.DebugException), e.Trailers, e.Message);

    private static bool Says(string? text, string words) => text?.Contains(words, StringComparison.Ordinal) == true;
}
