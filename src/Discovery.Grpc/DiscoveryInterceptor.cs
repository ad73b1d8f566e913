using Discovery.Grpc.Calls;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Discovery.Grpc;

/// <summary>
/// Follows unary calls to their status, so that an instance that answers with <c>Unavailable</c>, <c>Internal</c>, <c>Unknown</c> or <c>DataLoss</c>, or not in time, is known to fail; and sends what the
/// channel tries again to another instance. Without it only connections that break speak against an instance: a channel hears of headers, and gRPC's status comes after them.
/// </summary>
/// <remarks>
/// Clients of the factory with an address of ours have it. Add it to other channels: <c>channel.Intercept(new DiscoveryInterceptor())</c>. Streams are judged by their headers alone: how long one lives says nothing of the instance.
/// </remarks>
public sealed class DiscoveryInterceptor : Interceptor
{
    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var followed = new FollowedCall();
        var before = FollowedCall.Current;
        FollowedCall.Current = followed;
        try
        {
            var call = continuation(request, context);
            return new(FollowAsync(call, followed), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
        }
        finally
        {
            FollowedCall.Current = before;
        }
    }

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var followed = new FollowedCall();
        var before = FollowedCall.Current;
        FollowedCall.Current = followed;
        try
        {
            var response = continuation(request, context);
            followed.End(StatusCode.OK);
            return response;
        }
        catch (RpcException e)
        {
            followed.End(e.StatusCode);
            throw;
        }
        finally
        {
            FollowedCall.Current = before;
        }
    }

    private static async Task<TResponse> FollowAsync<TResponse>(AsyncUnaryCall<TResponse> call, FollowedCall followed)
    {
        try
        {
            var response = await call.ResponseAsync.ConfigureAwait(false);
            followed.End(StatusCode.OK);
            return response;
        }
        catch (RpcException e)
        {
            followed.End(e.StatusCode);
            throw;
        }
        catch (OperationCanceledException)
        {
            // a channel with ThrowOperationCanceledOnCancellation
            followed.End(call.GetStatus().StatusCode);
            throw;
        }
    }
}
