using Grpc.Core;

namespace Discovery.Etcd.Channels;

/// <summary>Says what etcd or the way to it did wrong in the words of a registry.</summary>
internal static class EtcdErrors
{
    /// <param name="e">The failure; its detail names the endpoint.</param>
    /// <param name="operation">What was asked for, such as "register orders-1".</param>
    /// <param name="permission">What an etcd role must grant for it, such as "readwrite on prefix /services/orders/".</param>
    public static RegistryException Translate(RpcException e, string operation, string permission)
    {
        var detail = e.Status.Detail;
        return e.StatusCode switch
        {
            _ when EtcdStatus.IsTlsFailure(e) =>
                Denied($"etcd could not {operation} for {detail}.", e),
            _ when EtcdStatus.IsLoginRefused(e) =>
                Denied($"etcd refuses the user or the password, so it could not {operation} ({detail}).", e),
            _ when EtcdStatus.IsTokenRefused(e) || e.StatusCode == StatusCode.Unauthenticated =>
                Denied($"etcd asks for a user it accepts before it will {operation} ({detail}).", e),
            StatusCode.PermissionDenied =>
                Denied($"etcd denies the user to {operation}; a role of the user must grant {permission} ({detail}).", e),
            _ when EtcdStatus.IsFull(e) =>
                new(RegistryErrorKind.Unavailable, $"etcd is full and refuses to {operation} until it is compacted, defragmented and its NOSPACE alarm disarmed ({detail}).", e),
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.Unimplemented or StatusCode.NotFound =>
                new(RegistryErrorKind.Invalid, $"etcd holds the request to {operation} to be wrong: {e.StatusCode} ({detail}).", e),
            _ => new(RegistryErrorKind.Unavailable, $"etcd could not {operation}: {e.StatusCode} ({detail}).", e),
        };
    }

    /// <summary>What a watch was refused for: etcd then gives a reason in words and no status.</summary>
    public static RegistryException Refused(string reason, EtcdEndpoint endpoint, string operation, string permission) =>
        Translate(endpoint.Refused(StatusOf(reason), reason), operation, permission);

    private static StatusCode StatusOf(string reason) => reason switch
    {
        _ when reason.Contains("permission denied", StringComparison.Ordinal) => StatusCode.PermissionDenied,
        _ when EtcdStatus.IsTokenRefusal(reason) => StatusCode.Unauthenticated,
        _ => StatusCode.Unavailable,
    };

    private static RegistryException Denied(string message, Exception e) => new(RegistryErrorKind.Denied, message, e);
}
