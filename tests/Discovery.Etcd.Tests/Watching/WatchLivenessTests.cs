using Discovery.Etcd.Watching;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Etcd.Tests.Watching;

public sealed class WatchLivenessTests
{
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private TimeSpan _askAfter = WatchLiveness.AskAfter;
    private int _asked;

    [Fact]
    public async Task WatchAsync_WithoutAFirstAnswer_EndsAfterTheTimeForIt()
    {
        var liveness = new WatchLiveness(FirstAnswer, _time);
        var watching = liveness.WatchAsync(AskAfter, Ask, TestContext.Current.CancellationToken);

        _time.Advance(FirstAnswer - TimeSpan.FromMilliseconds(1));
        Assert.False(watching.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<RpcException>(() => watching);
        Assert.Equal((0, true), (_asked, liveness.WasSilent));
    }

    [Fact]
    public async Task WatchAsync_OfAStreamThatGoesSilent_AsksOnceAndEndsWithoutAnAnswer()
    {
        var liveness = new WatchLiveness(FirstAnswer, _time);
        liveness.Heard();
        var watching = liveness.WatchAsync(AskAfter, Ask, TestContext.Current.CancellationToken);

        _time.Advance(WatchLiveness.AskAfter);
        Assert.Equal((1, false), (_asked, watching.IsCompleted));
        _time.Advance(WatchLiveness.AnswerWithin);

        await Assert.ThrowsAsync<RpcException>(() => watching);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void WatchAsync_OfAStreamThatAnswers_GoesOn()
    {
        var liveness = new WatchLiveness(FirstAnswer, _time);
        liveness.Heard();
        var watching = liveness.WatchAsync(AskAfter, Ask, TestContext.Current.CancellationToken);

        for (var (ticks, answered) = (0, 0); ticks < 60; ticks++)
        {
            if (_asked > answered)
            {
                liveness.Heard();
                answered = _asked;
            }

            _time.Advance(WatchLiveness.AnswerWithin / 2);
        }

        Assert.False(watching.IsCompleted);
        Assert.InRange(_asked, 10, 20);
    }

    [Fact]
    public void WatchAsync_OfAStreamWhoseFirstAnswerMayTakeLong_StillWaitsForTheAnswerToWhatItAsks()
    {
        var liveness = new WatchLiveness(TimeSpan.FromSeconds(4), _time);
        var watching = liveness.WatchAsync(AskAfter, Ask, TestContext.Current.CancellationToken);
        liveness.Heard();

        _time.Advance(WatchLiveness.AskAfter);
        Assert.Equal((1, false), (_asked, watching.IsCompleted));
        _time.Advance(WatchLiveness.AnswerWithin);
        Assert.True(watching.IsFaulted);
    }

    [Fact]
    public void WatchAsync_OfAStreamThatServesNobody_LetsItBeSilent()
    {
        var liveness = new WatchLiveness(FirstAnswer, _time);
        liveness.Heard();
        var watching = liveness.WatchAsync(AskAfter, () => false, TestContext.Current.CancellationToken);

        for (var i = 0; i < 10; i++)
        {
            _time.Advance(WatchLiveness.AskAfter);
        }

        Assert.False(watching.IsCompleted);
    }

    [Fact]
    public void WatchAsync_OfAStreamThatServesOwnKeysOnly_AsksSeldom()
    {
        _askAfter = WatchLiveness.AskOwnKeysAfter;
        var liveness = new WatchLiveness(FirstAnswer, _time);
        liveness.Heard();
        var watching = liveness.WatchAsync(AskAfter, Ask, TestContext.Current.CancellationToken);

        Advance(WatchLiveness.AskOwnKeysAfter - WatchLiveness.AnswerWithin);
        Assert.Equal(0, _asked);
        Advance(WatchLiveness.AnswerWithin);
        Assert.Equal((1, false), (_asked, watching.IsCompleted));
        Advance(WatchLiveness.AnswerWithin);

        Assert.Contains("31 s", Assert.IsType<RpcException>(watching.Exception!.InnerException).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WatchAsync_OnceTheStreamServesAnImpatientOne_AsksSoon()
    {
        _askAfter = WatchLiveness.AskOwnKeysAfter;
        var liveness = new WatchLiveness(FirstAnswer, _time);
        liveness.Heard();
        _ = liveness.WatchAsync(AskAfter, Ask, TestContext.Current.CancellationToken);
        Advance(TimeSpan.FromSeconds(10));

        _askAfter = WatchLiveness.AskAfter;
        liveness.Heard(); // the new watch's own answer
        Advance(2 * WatchLiveness.AskAfter);

        Assert.Equal(1, _asked);
    }

    private void Advance(TimeSpan time)
    {
        for (var step = TimeSpan.FromMilliseconds(100); time > TimeSpan.Zero; time -= step)
        {
            _time.Advance(step);
        }
    }

    private TimeSpan AskAfter() => _askAfter;

    private bool Ask()
    {
        _asked++;
        return true;
    }
}
