using Discovery.Etcd.Channels;
using Discovery.Testing;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Etcd.Tests.Channels;

/// <summary>Which of three members a call asks while others, streams or calls, move everybody on as well.</summary>
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

    private Task<RangeResponse> CallAsync() => _client.RangeAsync("/", keysOnly: true, "list", Cancelled);

    private Task AskedAsync(string member) => Eventually.HoldsAsync(() => _members[member].Asked > 0, cancellationToken: Cancelled);

    private void MoveOn() => _client.Endpoints.Leave(_client.Endpoints.Current);

    /// <summary>A member that answers and fails when it is told to.</summary>
    private sealed class Member : CallInvoker, IEtcdChannel
    {
        private TaskCompletionSource<RangeResponse> _response = new();
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public void Answer() => _response.SetResult(new RangeResponse { Header = new ResponseHeader() });

        /// <param name="before">What others do before whoever has asked hears of it.</param>
        /// <param name="reason">What etcd says.</param>
        public void Fail(Action? before = null, string reason = "connection reset")
        {
            before?.Invoke();
            _response.SetException(new RpcException(new Status(StatusCode.Unavailable, reason)));
        }

        public CallInvoker CreateInvoker() => this;

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            var response = _response = new TaskCompletionSource<RangeResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
            options.CancellationToken.Register(() => response.TrySetException(new RpcException(new Status(StatusCode.Cancelled, "cancelled"))));
            Interlocked.Increment(ref _asked);
            return UnaryCall.Of(AnswerAsync());

            async Task<TResponse> AnswerAsync() => (TResponse)(object)await response.Task;
        }

        public void Dispose() => _response.TrySetException(new RpcException(new Status(StatusCode.Cancelled, "disposed of")));

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }
}
