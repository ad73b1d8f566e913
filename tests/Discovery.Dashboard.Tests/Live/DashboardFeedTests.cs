using System.Text;
using Discovery.Dashboard.Live;
using Discovery.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Dashboard.Tests.Live;

public sealed class DashboardFeedTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task TryJoin_WhileNothingChanges_IsSentTheStateAndThenBeats()
    {
        var discovery = new ScriptedDiscovery(_time) { Instances = 1 };
        using var viewer = Feed(discovery).TryJoin()!;
        await using var messages = viewer.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.StartsWith("event: state\ndata: {", await NextAsync(messages), StringComparison.Ordinal);
        var next = NextAsync(messages);
        await PassTimeUntilAsync(() => next.IsCompleted);
        Assert.StartsWith("event: beat\n", await next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_WithoutViewers_IsNotDone()
    {
        var discovery = new ScriptedDiscovery(_time);
        var feed = Feed(discovery);
        Assert.Equal(0, discovery.Looks);
        var viewer = feed.TryJoin()!;
        var looks = discovery.Looks;
        await PassTimeUntilAsync(() => discovery.Looks > looks + 2);

        viewer.Dispose();
        await PassTimeAsync(3);
        looks = discovery.Looks;
        await PassTimeAsync(10);

        Assert.Equal(looks, discovery.Looks);
        using var another = feed.TryJoin()!; // and it begins again
        await PassTimeUntilAsync(() => discovery.Looks > looks + 2);
    }

    [Fact]
    public async Task Look_ThatFails_EndsTheStreamsAndWhoeverComesBackBeginsAnew()
    {
        var discovery = new ScriptedDiscovery(_time);
        var feed = Feed(discovery);
        using var viewer = feed.TryJoin()!;
        var reading = Task.Run(async () => await viewer.ReadAsync(Cancellation).CountAsync(Cancellation), Cancellation);

        discovery.Failure = new InvalidOperationException("a diagnostics of the app's own");
        await PassTimeUntilAsync(() => reading.IsCompleted);
        Assert.Throws<InvalidOperationException>(feed.TryJoin); // who comes meanwhile is told, and so is the server's log
        discovery.Failure = null;

        using var again = feed.TryJoin()!;
        var looks = discovery.Looks;
        await PassTimeUntilAsync(() => discovery.Looks > looks + 2);
        Assert.Equal(1, feed.ViewerCount);
    }

    [Fact]
    public async Task Viewer_ThatDoesNotRead_IsDroppedAndNobodyElseIs()
    {
        var discovery = new ScriptedDiscovery(_time);
        var feed = Feed(discovery);
        using var slow = feed.TryJoin()!;
        using var quick = feed.TryJoin()!;
        var read = 0;
        var reading = Task.Run(async () =>
        {
            await foreach (var message in quick.ReadAsync(Cancellation))
            {
                Interlocked.Increment(ref read);
            }
        }, Cancellation);

        for (var change = 1; change < 3 * Viewer.Capacity; change++)
        {
            discovery.Instances = change;
            await PassTimeUntilAsync(() => Volatile.Read(ref read) > change); // the state, and a message for each change
        }

        Assert.True(slow.Dropped.IsCancellationRequested);
        Assert.False(quick.Dropped.IsCancellationRequested);
        Assert.Equal(1, feed.ViewerCount);
        quick.End();
        await reading;
    }

    [Fact]
    public async Task Viewers_ThatDoNotRead_HoldWhatTheyShareAndNoMore()
    {
        var discovery = new ScriptedDiscovery(_time) { Services = 200 };
        var feed = Feed(discovery, maxViewers: 400);
        var viewers = Enumerable.Range(0, 400).Select(_ => feed.TryJoin()!).ToList();

        await FillAsync(discovery, feed);
        var looks = discovery.Looks;
        await PassTimeUntilAsync(() => discovery.Looks > looks); // what the last look saw has been sent when the next begins
        viewers.ForEach(viewer => viewer.End());
        var shared = await viewers[0].ReadAsync(Cancellation).ToListAsync(Cancellation);

        Assert.InRange(shared.Count, 2, Viewer.Capacity); // the state, and what has changed since
        foreach (var viewer in viewers.Skip(1))
        {
            var waiting = await viewer.ReadAsync(Cancellation).ToListAsync(Cancellation);
            Assert.True(shared.SequenceEqual(waiting), "Two viewers have messages of their own."); // equal are the same bytes at the same place
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DashboardFeed Feed(ScriptedDiscovery discovery, int maxViewers = 10)
    {
        var services = new ServicesInView(discovery, 10);
        return new(new DashboardObserver(discovery, services, _time), services, maxViewers, _time, CancellationToken.None);
    }

    // As many changes as may wait, less the state and one.
    private async Task FillAsync(ScriptedDiscovery discovery, DashboardFeed feed)
    {
        for (var i = 0; i < Viewer.Capacity - 2; i++)
        {
            var looks = discovery.Looks;
            discovery.Instances++;
            await PassTimeUntilAsync(() => discovery.Looks > looks);
        }

        Assert.NotEqual(0, feed.ViewerCount);
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> messages)
    {
        Assert.True(await messages.MoveNextAsync());
        return Encoding.UTF8.GetString(messages.Current.Span);
    }

    private async Task PassTimeAsync(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            _time.Advance(DashboardFeed.Tick);
            await Task.Delay(10, Cancellation);
        }
    }

    private Task PassTimeUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
        async () =>
        {
            if (!condition())
            {
                _time.Advance(DashboardFeed.Tick);
                await Task.Delay(1, Cancellation);
            }

            return condition();
        },
        cancellationToken: Cancellation);
}
