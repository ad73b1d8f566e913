using Discovery.Hosting.Registration;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Registration;

public sealed class TimedWaitTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimedWait _wait;

    public TimedWaitTests() => _wait = new TimedWait(_time);

    public void Dispose()
    {
        _wait.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Wait_ThatNobodyEnds_EndsWithItsTime_AgainAndAgain()
    {
        for (var i = 0; i < 3; i++)
        {
            var waiting = _wait.WaitAsync(Limit, _stopping.Token);
            _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
            Assert.False(waiting.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.False(await waiting);
        }
    }

    [Fact]
    public async Task Wake_EndsTheWaitThatIsUnderWay_AndNoOther()
    {
        _wait.Wake();
        var first = _wait.WaitAsync(Limit, _stopping.Token);
        Assert.False(first.IsCompleted);
        _wait.Wake();
        _wait.Wake();
        Assert.True(await first);

        var second = _wait.WaitAsync(Limit * 2, _stopping.Token);
        _time.Advance(Limit); // when the first would have ended
        Assert.False(second.IsCompleted);
        _time.Advance(Limit);
        Assert.False(await second);
    }

    [Fact]
    public async Task Wake_DoesNotRunWhatComesNext()
    {
        var (isWaking, waker) = (true, Environment.CurrentManagedThreadId);
        var hasRunWithin = _wait.WaitAsync(Limit, _stopping.Token).AsTask().ContinueWith(
            _ => Volatile.Read(ref isWaking) && Environment.CurrentManagedThreadId == waker,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _wait.Wake();
        Volatile.Write(ref isWaking, false);
        Assert.False(await hasRunWithin);
    }

    [Fact]
    public async Task Cancel_EndsTheWaitThatIsUnderWay_AndAllThatFollow()
    {
        var waiting = _wait.WaitAsync(Limit, _stopping.Token);
        await _stopping.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask());
        Assert.Equal(_stopping.Token, e.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _wait.WaitAsync(Limit, _stopping.Token).AsTask());
        _time.Advance(Limit);
        Assert.False(await _wait.WaitAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task Waits_ThatEndInEveryWayAtOnce_EndOnceEach()
    {
        // On the real clock: the timer, the waker and the waiter are three threads.
        using var wait = new TimedWait(TimeProvider.System);
        var ended = false;
        var waking = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref ended))
                {
                    wait.Wake();
                }
            },
            TestContext.Current.CancellationToken);
        var (woken, over) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            _ = await wait.WaitAsync(TimeSpan.FromMilliseconds(1), _stopping.Token) ? woken++ : over++;
        }

        Volatile.Write(ref ended, true);
        await waking;
        Assert.Equal(2_000, woken + over);
        Assert.True(woken > 0);
    }
}
