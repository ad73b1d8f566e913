using Grpc.Core;

namespace Discovery.Etcd.Channels;

/// <summary>What the statuses that etcd and the channel answer with mean.</summary>
internal static class EtcdStatus
{
    /// <summary>What the detail of a TLS failure begins with.</summary>
    public const string TlsFailure = "TLS: ";

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

    /// <summary>Whether the failure, as an endpoint tells it, is about TLS.</summary>
    public static bool IsTlsFailure(RpcException e) => e.Status.Detail.StartsWith(TlsFailure, StringComparison.Ordinal);

    private static bool Says(string? text, string words) => text?.Contains(words, StringComparison.Ordinal) == true;
}
