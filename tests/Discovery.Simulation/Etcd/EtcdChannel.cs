using Discovery.Etcd.Channels;
using Discovery.Simulation.Network;
using Google.Protobuf;
using Grpc.Core;

namespace Discovery.Simulation.Etcd;

/// <summary>A member as a process reaches it, over its way: what Grpc.Net.Client is to the real one, with the same failures.</summary>
internal sealed class EtcdChannel(EtcdCluster cluster, EtcdMember member, Link link) : CallInvoker, IEtcdChannel
{
    private readonly CancellationTokenSource _disposed = new();

    public CallInvoker CreateInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return this;
    }

    public void Dispose() => _disposed.Cancel();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
        CallAsync<TResponse>(request, options),
        Task.FromResult(Metadata.Empty),
        static () => Status.DefaultSuccess,
        static () => Metadata.Empty,
        static () => { });

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var stream = new EtcdStream<TRequest, TResponse>(link, method.Name, options.CancellationToken, _disposed.Token);
        cluster.Open(member, stream.Pipe, Token(options));
        return new(
            stream,
            stream,
            Task.FromResult(Metadata.Empty),
            static () => Status.DefaultSuccess,
            static () => Metadata.Empty,
            stream.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException(method.FullName);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException(method.FullName);

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException(method.FullName);

    private static string? Token(CallOptions options) => options.Headers?.GetValue("token");

    private static RpcException Broken(string reason) => new(new Status(StatusCode.Unavailable, reason));

    private async Task<TResponse> CallAsync<TResponse>(object request, CallOptions options)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, _disposed.Token);
        Reply reply;
        try
        {
            reply = await link.CallAsync<Reply>(
                EtcdCalls.Say(request), (call, answer) => member.Receive(() => answer(Serve(call, Token(options), request))), Broken, either.Token);
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "Call canceled by the client."));
        }

        return reply.Refusal is { } refusal ? throw new RpcException(refusal) : (TResponse)reply.Message!;
    }

    private Reply Serve(Call call, string? token, object request)
    {
        try
        {
            return new Reply(cluster.Calls.Serve(call, member, token, request), null);
        }
        catch (RpcException e)
        {
            return new Reply(null, e.Status);
        }
    }

    private readonly record struct Reply(IMessage? Message, Status? Refusal);
}
