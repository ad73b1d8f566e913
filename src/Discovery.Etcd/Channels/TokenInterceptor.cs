using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Discovery.Etcd.Channels;

/// <summary>Sends the token with every unary call, and once more with a new one where etcd refuses it. Streams carry the token they are opened with.</summary>
internal sealed class TokenInterceptor(TokenSource tokens) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        UnaryCall.Of(CallAsync(request, context, continuation));

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        var cancellationToken = context.Options.CancellationToken;
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await continuation(request, With(token, context)).ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException e) when (EtcdStatus.IsTokenRefused(e))
        {
            if (!await tokens.RenewAsync(token, cancellationToken).ConfigureAwait(false))
            {
                throw;
            }
        }

        token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        return await continuation(request, With(token, context)).ResponseAsync.ConfigureAwait(false);
    }

    private static ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(string? token, ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class =>
        token is null ? context : new(context.Method, context.Host, context.Options.WithHeaders(new Metadata { { TokenSource.Header, token } }));
}
