using Discovery.Etcd.Channels;
using Discovery.Etcd.Leases;
using Discovery.Etcd.Tests.Watching;
using Discovery.Etcd.Watching;
using Discovery.Testing;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Etcd.Tests.Channels;

/// <summary>Which of three members a call asks, and a stream is opened at, while others move everybody on as well.</summary>
public sealed class FailoverTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, Member> _members = [];
    private readonly EtcdClient _client;

    public FailoverTests()
    {
        var options = new EtcdOptions { Endpoints = { "http://a", "http://b", "http://c" } };
        _client = new EtcdClient(options, _time, NullLoggerFactory.Instance, address => _members[address.Host] = new Member());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Call_OthersMoveOnPastALivingMember_AsksItAllTheSame()
    {
        var call = CallAsync();
        _members["a"].Fail(() =>
        {
            MoveOn();
            MoveOn();
        });
        await AskedAsync("c");
        _members["c"].Fail();
        await AskedAsync("b");
        _members["b"].Answer();

        await call;
    }

    [Fact]
    public async Task Call_AllMembersFail_AsksEachOnce()
    {
        var call = CallAsync();
        _members["a"].Fail(MoveOn); // to b
        await AskedAsync("b");
        _members["b"].Fail(() =>
        {
            MoveOn(); // to c
            MoveOn(); // to a
        });
        await AskedAsync("c");
        _members["c"].Fail();

        var e = await Assert.ThrowsAsync<RegistryException>(() => call);

        Assert.Equal(RegistryErrorKind.Unavailable, e.Kind);
        Assert.All(_members.Values, member => Assert.Equal(1, member.Asked));
    }

    [Fact]
    public async Task Call_DeadMemberReplacedWhileALeaderIsElected_LeavesTheTimeToTheLivingOnes()
    {
        var call = CallAsync();
        var dead = _client.Endpoints.Current;
        MoveOn();
        dead.Reconnect(); // which breaks the call
        await AskedAsync("b");
        _time.Advance(CallTimes.Try);
        await AskedAsync("c");
        _time.Advance(CallTimes.Call - CallTimes.Try - TimeSpan.FromMilliseconds(100));
        _members["c"].Answer();

        await call;
    }

    [Fact]
    public async Task Call_ConnectionReplacedOfTheMemberInUse_AsksItAgainOnce()
    {
        var call = CallAsync();
        _client.Endpoints.Current.Reconnect();
        await AskedAsync("a"); // over the new connection
        _client.Endpoints.Current.Reconnect();
        await AskedAsync("b");
        _members["b"].Answer();

        await call;
    }

    [Fact]
    public async Task Call_LeaderChangedAfterOthersMovedOn_AsksTheSameMemberAgain()
    {
        var call = CallAsync();
        _members["a"].Fail(MoveOn, "etcdserver: leader changed");
        await Eventually.HoldsAsync(() => _members["a"].Asked == 2, cancellationToken: Cancelled);
        _members["a"].Answer();

        await call;
    }

    [Fact]
    public async Task KeepAlive_OthersMoveOnPastALivingMember_IsSentThereAllTheSame()
    {
        await using var stream = new KeepAliveStream(_client, _time, NullLogger.Instance);
        var kept = stream.KeepAliveAsync(1);
        await LeavePastBAsync();
        _members["b"].Answer(new LeaseKeepAliveResponse { ID = 1, TTL = 10 });

        Assert.Equal(TimeSpan.FromSeconds(10), await kept);
    }

    [Fact]
    public async Task Watch_OthersMoveOnPastALivingMember_IsOpenedThereAllTheSame()
    {
        await using var stream = new WatchStream(_client, _time, NullLogger.Instance);
        stream.Subscribe(new WatchSubscription("/any", rangeEnd: null, startRevision: 1, "read", new AwaitedObserver()));

        await LeavePastBAsync();
    }

    /// <summary>The stream breaks at a and c, the dead ones, and has been to b when this is over.</summary>
    private async Task LeavePastBAsync()
    {
        await AskedAsync("a");
        _members["a"].Fail(() =>
        {
            MoveOn();
            MoveOn();
        });
        await AskedAsync("c");
        _members["c"].Fail();
        await AskedAsync("b");
        Assert.Equal(1, _members["a"].Asked);
    }

    private Task<RangeResponse> CallAsync() => _client.RangeAsync("/", keysOnly: true, "list", Cancelled);

    private Task AskedAsync(string member) => Eventually.HoldsAsync(() => _members[member].Asked > 0, cancellationToken: Cancelled);

    private void MoveOn() => _client.Endpoints.Leave(_client.Endpoints.Current);

    /// <summary>A member that answers and fails when it is told to, once for each call and each stream.</summary>
    private sealed class Member : CallInvoker, IEtcdChannel
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
