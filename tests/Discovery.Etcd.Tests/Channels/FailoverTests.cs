using Discovery.Etcd.Channels;
using Discovery.Etcd.Leases;
using Discovery.Etcd.Tests.Watching;
using Discovery.Etcd.Watching;
using Discovery.Testing;
using Etcdserverpb;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Etcd.Tests.Channels;

/// <summary>Which of three members a call asks, and a stream is opened at, while others move everybody on as well.</summary>
public sealed class FailoverTests : IDisposable
{
    private readonly RecordedTimers _time = new();
    private readonly Dictionary<string, ScriptedMember> _members = [];
    private readonly EtcdClient _client;

    public FailoverTests()
    {
        var options = new EtcdOptions { Endpoints = { "http://a", "http://b", "http://c" } };
        _client = new EtcdClient(options, _time, NullLoggerFactory.Instance, address => _members[address.Host] = new ScriptedMember());
    }

    /// <summary>Of a lease, and how long a silent member is waited for, and all three; in seconds.</summary>
    public static TheoryData<int, double, double> Lifetimes => new() { { 2, 0.333, 1 }, { 3, 0.5, 1.5 }, { 6, 1, 3 }, { 30, 1, 4 } };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Call_OthersMoveOnPastALivingMember_AsksItAllTheSame()
    {
        var call = CallAsync();
        await LeavePastBAsync();
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
        var kept = stream.KeepAliveAsync(1, TimeSpan.FromSeconds(10));
        await LeavePastBAsync();
        _members["b"].Answer(new LeaseKeepAliveResponse { ID = 1, TTL = 10 });

        Assert.Equal(TimeSpan.FromSeconds(10), await kept);
    }

    // A beat falls due a third of the lifetime after the last one: what is left must do for the members that are silent, and for one that answers.
    [Theory]
    [MemberData(nameof(Lifetimes))]
    public async Task KeepAlive_SilentMembers_AreLeftAfterASixthOfTheLifetimeOrASecond(int ttl, double each, double all)
    {
        await using var stream = new KeepAliveStream(_client, _time, NullLogger.Instance);
        var kept = stream.KeepAliveAsync(1, TimeSpan.FromSeconds(ttl));
        await AskLastAsync();

        _members["c"].Answer(new LeaseKeepAliveResponse { ID = 1, TTL = ttl });

        await kept;
        Assert.Equal([each, each, all - (2 * each)], _time.Due.Select(due => due.TotalSeconds), (one, other) => Math.Abs(one - other) < 0.001);
    }

    // A member that has sent a keep-alive on to a leader which hangs is silent on that stream for up to seven seconds, even where there is a new leader after one.
    [Theory]
    [MemberData(nameof(Lifetimes))]
    public async Task KeepAlive_AllMembersSilent_EndsInTimeForAnotherWithStreamsOpenedAnew(int ttl, double each, double all)
    {
        await using var stream = new KeepAliveStream(_client, _time, NullLogger.Instance);
        var silent = _members["a"];
        var first = stream.KeepAliveAsync(1, TimeSpan.FromSeconds(ttl));
        await AskLastAsync();
        _time.Advance(_time.Due[^1]);

        Assert.Equal(RegistryErrorKind.Unavailable, (await Assert.ThrowsAsync<RegistryException>(() => first)).Kind);
        Assert.Equal(each, _time.Due[0].TotalSeconds, 0.001);
        Assert.Equal(all, _time.Due.Sum(due => due.TotalSeconds), 0.001);

        var second = stream.KeepAliveAsync(1, TimeSpan.FromSeconds(ttl));
        await AskedAsync("a");
        Assert.NotSame(silent, _members["a"]);
        _members["a"].Answer(new LeaseKeepAliveResponse { ID = 1, TTL = ttl });
        await second;
    }

    [Fact]
    public async Task Watch_OthersMoveOnPastALivingMember_IsOpenedThereAllTheSame()
    {
        await using var stream = new WatchStream(_client, _time, NullLogger.Instance);
        stream.Subscribe(new WatchSubscription("/any", rangeEnd: null, startRevision: 1, "read", new AwaitedObserver()));

        await LeavePastBAsync();
    }

    /// <summary>The call or stream fails at a and c, the dead ones, and has come to b when this is over.</summary>
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

    /// <summary>The keep-alive has found two members silent, and has been sent to c when this is over.</summary>
    private async Task AskLastAsync()
    {
        foreach (var (tries, next) in new[] { (1, "b"), (2, "c") })
        {
            await Eventually.HoldsAsync(() => _time.Due.Count == tries, cancellationToken: Cancelled);
            _time.Advance(_time.Due[^1]);
            await AskedAsync(next);
        }

        await Eventually.HoldsAsync(() => _time.Due.Count == 3, cancellationToken: Cancelled);
    }

    private Task<RangeResponse> CallAsync() => _client.RangeAsync("/", keysOnly: true, "list", Cancelled);

    private Task AskedAsync(string member) => Eventually.HoldsAsync(() => _members[member].Asked > 0, cancellationToken: Cancelled);

    private void MoveOn() => _client.Endpoints.Leave(_client.Endpoints.Current);
}
