using Discovery.Etcd.Channels;
using Etcdserverpb;
using Grpc.Core;

namespace Discovery.Etcd.Tests.Channels;

/// <summary>A member that answers and fails when it is told to, once for each call and each stream.</summary>
internal sealed class ScriptedMember : CallInvoker, IEtcdChannel
{
    private TaskCompletionSource<object> _answer = new();
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    /// <param name="response">The first response of a stream; null for that of a call.</param>
    public void Answer(object? response = null) => _answer.SetResult(response ?? new RangeResponse { Header = new ResponseHeader() });

    /// <param name="before">What others do before whoever has asked hears of it.</param>
    /// <param name="reason">What etcd says.</param>
    public void Fail(Action? before = null, string reason = "connection reset")
    {
        before?.Invoke();
        _answer.SetException(new RpcException(new Status(StatusCode.Unavailable, reason)));
    }

    public CallInvoker CreateInvoker() => this;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        return UnaryCall.Of(AnswerAsync(Ask(options.CancellationToken)));

        static async Task<TResponse> AnswerAsync(Task<object> answer) => (TResponse)await answer;
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => new(
        new RequestSink<TRequest>(), new OneResponse<TResponse>(Ask(options.CancellationToken), Until(options.CancellationToken).Task), Task.FromResult(Metadata.Empty),
        static () => Status.DefaultSuccess, static () => Metadata.Empty, static () => { });

    public void Dispose() => _answer.TrySetException(Cancelled("disposed of"));

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private static RpcException Cancelled(string reason) => new(new Status(StatusCode.Cancelled, reason));

    private static TaskCompletionSource<object> Until(CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.Register(() => answer.TrySetException(Cancelled("cancelled")));
        return answer;
    }

    private Task<object> Ask(CancellationToken cancellationToken)
    {
        var answer = _answer = Until(cancellationToken);
        Interlocked.Increment(ref _asked);
        return answer.Task;
    }

    private sealed class RequestSink<T> : IClientStreamWriter<T>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(T message) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;
    }

    private sealed class OneResponse<T>(Task<object> first, Task<object> end) : IAsyncStreamReader<T>
    {
        private Task<object> _next = first;

        public T Current { get; private set; } = default!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            Current = (T)await _next;
            _next = end;
            return true;
        }
    }
}
