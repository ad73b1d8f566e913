using Discovery.Etcd.Leases;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Etcd.Tests.Leases;

public sealed class SharedLeaseTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(12);

    private readonly FakeTimeProvider _time = new();
    private int _sent;
    private Func<Task<TimeSpan>> _answer = () => Task.FromResult(Ttl);

    [Fact]
    public async Task KeepAliveAsync_WithinASixthOfTheTtl_SendsNothing()
    {
        var lease = Lease();
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.True(await lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken));
        Assert.Equal(0, _sent);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken));
        Assert.True(await lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken));
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task KeepAliveAsync_ForWhoHasCountedTheLastAnswer_Sends()
    {
        var lease = Lease();
        Assert.True(lease.TryHold() && lease.TryHold());
        var (one, two) = (new LeaseHold(lease), new LeaseHold(lease));

        for (var beat = 1; beat <= 3; beat++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.True(await one.KeepAliveAsync(TestContext.Current.CancellationToken));
            Assert.True(await two.KeepAliveAsync(TestContext.Current.CancellationToken));
            Assert.Equal(beat, _sent);
        }
    }

    [Fact]
    public async Task KeepAliveAsync_OfManyAtOnce_SendsOnceAndIsCancelledForOneOnly()
    {
        var lease = Lease();
        _time.Advance(Ttl / 3);
        var answer = new TaskCompletionSource<TimeSpan>();
        _answer = () => answer.Task;
        using var impatient = new CancellationTokenSource();
        var cancelled = lease.KeepAliveAsync(counted: null, impatient.Token);
        var patient = lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        answer.SetResult(Ttl);

        Assert.True(await patient);
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task KeepAliveAsync_LongAfterTheLocalExpiry_AsksEtcdBeforeItGivesTheLeaseUp()
    {
        var lease = Lease();
        _time.Advance(Ttl * 3);

        Assert.True(await lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken));

        _time.Advance(Ttl * 3);
        _answer = () => Task.FromResult(TimeSpan.Zero);
        Assert.False(await lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken));
        Assert.False(lease.TryHold());
    }

    [Fact]
    public async Task KeepAliveAsync_AfterAFailure_SendsAgain()
    {
        var lease = Lease();
        _time.Advance(Ttl / 3);
        _answer = () => Task.FromException<TimeSpan>(new RegistryException("down"));
        await Assert.ThrowsAsync<RegistryException>(() => lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken));
        _answer = () => Task.FromResult(Ttl);

        Assert.True(await lease.KeepAliveAsync(counted: null, TestContext.Current.CancellationToken));
        Assert.Equal(2, _sent);
    }

    [Fact]
    public void Release_OfTheLastHold_TakesNoOthers()
    {
        var lease = Lease();
        Assert.True(lease.TryHold() && lease.TryHold());

        Assert.False(lease.TryReleaseLast());
        Assert.False(lease.Release());
        Assert.True(lease.TryHold());
        Assert.False(lease.Release());
        Assert.True(lease.TryReleaseLast());
        Assert.False(lease.TryHold());
    }

    [Fact]
    public void Release_OfTheLastHoldAfterAnotherWasAbandoned_LeavesTheLeaseToExpire()
    {
        var lease = Lease();
        Assert.True(lease.TryHold() && lease.TryHold());

        lease.Abandon();

        Assert.True(lease.IsAbandoned);
        Assert.False(lease.TryHold());
        Assert.False(lease.TryReleaseLast());
        Assert.False(lease.Release());
    }

    private SharedLease Lease() => new(1, Ttl, _time.GetTimestamp(), SendAsync, _time);

    private Task<TimeSpan> SendAsync(long leaseId)
    {
        _sent++;
        return _answer();
    }
}
