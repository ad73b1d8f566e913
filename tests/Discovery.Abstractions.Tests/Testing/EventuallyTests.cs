using Discovery.Testing;

namespace Discovery.Tests.Testing;

public sealed class EventuallyTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_NeverAsExpected_TellsWhatWasLastObserved()
    {
        var looks = 0;

        var failure = await Assert.ThrowsAsync<Xunit.Sdk.XunitException>(() => Eventually.IsAsync(() => ++looks, n => n < 0, Short, Cancel));

        Assert.Contains("n => n < 0", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Last observed: {looks}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_AsExpectedLater_GivesWhatWasObserved()
    {
        var looks = 0;

        Assert.Equal(3, await Eventually.IsAsync(() => Task.FromResult(++looks), n => n == 3, cancellationToken: Cancel));
    }

    [Fact]
    public async Task Holds_ConditionThrows_EndsTheWaiting() =>
        await Assert.ThrowsAsync<FormatException>(() => Eventually.HoldsAsync(bool () => throw new FormatException(), cancellationToken: Cancel));
}
