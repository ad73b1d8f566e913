using Grpc.Core;

namespace Discovery.Etcd.Channels;

/// <summary>Shows what is tried more than once as the one call that a generated stub returns. The stubs' callers await its response and nothing else of it.</summary>
internal static class UnaryCall
{
    public static AsyncUnaryCall<TResponse> Of<TResponse>(Task<TResponse> response) =>
        new(response, Task.FromResult(Metadata.Empty), static () => Status.DefaultSuccess, static () => Metadata.Empty, static () => { });
}
