using System.Diagnostics;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Etcd.Tests;

/// <summary>Calls where the time of day is not what it was: how long they take is measured by another clock.</summary>
public sealed class EtcdClockTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-25)]
    [InlineData(25)]
    public async Task Call_WithTheTimeOfDaySet_IsAnsweredAndEndsInTimeWhereTheServerHangs(int hours)
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Cancellation);
        using var client = new EtcdClient(new EtcdOptions { Endpoints = { server.Endpoint.ToString() } }, new SetClock(TimeSpan.FromHours(hours)), NullLoggerFactory.Instance);
        await client.RangeAsync("/services/", keysOnly: true, "list", Cancellation);

        server.Suspend();
        var startedAt = Stopwatch.GetTimestamp();
        var failure = await Assert.ThrowsAsync<RegistryException>(
            () => client.RangeAsync("/services/", keysOnly: true, "list", Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.InRange(Stopwatch.GetElapsedTime(startedAt), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15));
        Assert.Equal(RegistryErrorKind.Unavailable, failure.Kind);
        Assert.Contains("no answer within 4 s", failure.Message, StringComparison.Ordinal);
    }

    private sealed class SetClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
