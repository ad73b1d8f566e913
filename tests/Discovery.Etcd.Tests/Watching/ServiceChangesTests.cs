using Discovery.Etcd.Watching;
using Google.Protobuf;
using Mvccpb;

namespace Discovery.Etcd.Tests.Watching;

public sealed class ServiceChangesTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Proceed_WhileTheReaderWaits_HasItGoOnWithinTheCall()
    {
        using var changes = new ServiceChanges(TestContext.Current.CancellationToken);
        var reader = ReadAsync(changes);

        changes.OnEvents([new Event { Kv = new KeyValue { Key = ByteString.CopyFromUtf8("a"), ModRevision = 2 } }]);
        Assert.False(reader.IsCompleted);
        changes.Proceed();

        Assert.True(reader.IsCompleted);
        Assert.Equal(1, await reader);
    }

    [Theory]
    [InlineData("alive")]
    [InlineData("gap")]
    [InlineData("lost")]
    [InlineData("cancelled")]
    public async Task Signal_ByWhoCannotWait_HasTheReaderGoOnElsewhere(string signal)
    {
        using var cancelling = new CancellationTokenSource();
        using var changes = new ServiceChanges(cancelling.Token);
        using var release = new ManualResetEventSlim();
        var reader = BlockAsync(changes, release);

        // Were the reader to go on in the call, this would never come to the release.
        var signalling = Task.Run(
            () =>
            {
                Signal(changes, cancelling, signal);
                release.Set();
            },
            TestContext.Current.CancellationToken);

        await signalling.WaitAsync(Bound, TestContext.Current.CancellationToken);
        Assert.True(await reader.WaitAsync(Bound, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TakeAsync_OfManyEventsOfAKey_BringsTheLast()
    {
        using var changes = new ServiceChanges(TestContext.Current.CancellationToken);
        var key = ByteString.CopyFromUtf8("a");

        changes.OnEvents([new Event { Kv = new KeyValue { Key = key, ModRevision = 2 } }]);
        changes.Proceed();
        changes.OnEvents([new Event { Kv = new KeyValue { Key = key, ModRevision = 3 } }]);
        changes.Proceed();

        var taken = await changes.TakeAsync();
        Assert.Equal(3, Assert.Single(taken!).Kv.ModRevision);
    }

    [Fact]
    public async Task TakeAsync_OfEventsBeforeALoss_BringsThemFirst()
    {
        using var changes = new ServiceChanges(TestContext.Current.CancellationToken);

        changes.OnEvents([new Event { Kv = new KeyValue { Key = ByteString.CopyFromUtf8("a"), ModRevision = 2 } }]);
        changes.OnLost(new RegistryException("gone"));

        Assert.Single((await changes.TakeAsync())!);
        Assert.Equal("gone", (await Assert.ThrowsAsync<RegistryException>(changes.TakeAsync)).Message);
    }

    private static void Signal(ServiceChanges changes, CancellationTokenSource cancelling, string signal)
    {
        switch (signal)
        {
            case "alive":
                changes.OnAlive();
                break;
            case "gap":
                changes.OnGap();
                break;
            case "lost":
                changes.OnLost(new RegistryException("gone"));
                break;
            default:
                cancelling.Cancel();
                break;
        }
    }

    private static async Task<int> ReadAsync(ServiceChanges changes) => (await changes.TakeAsync().ConfigureAwait(false))!.Count;

    // A reader that does not give its thread back, whatever it has been told.
    private static async Task<bool> BlockAsync(ServiceChanges changes, ManualResetEventSlim release)
    {
        try
        {
            await changes.TakeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RegistryException or OperationCanceledException)
        {
            // goes on all the same
        }

        return release.Wait(2 * Bound);
    }
}
