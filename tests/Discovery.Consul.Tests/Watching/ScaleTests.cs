using Discovery.Consul.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Consul.Tests.Watching;

/// <summary>What a list of 10,000 instances costs. Alone, because it counts what is allocated.</summary>
[Collection("Timing")]
public sealed class ScaleTests
{
    private const int Count = 10_000;

    [Fact]
    public void Apply_OneChangedInTenThousand_AllocatesNextToNothing()
    {
        var entries = new ServiceEntries("orders", new SkippedEntries(NullLogger.Instance));
        var before = List(changed: -1);
        var after = List(changed: 5_000);
        Assert.Equal(Count, entries.Apply(before).Upserts.Count);
        entries.Apply(before); // warm

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var change = entries.Apply(after);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.Equal("orders-5000", Assert.Single(change.Upserts).Id);
        Assert.True(allocated < 16 * 1024, $"{allocated} bytes");
    }

    private static byte[] List(int changed) => HealthAnswer.List(
        [.. Enumerable.Range(0, Count).Select(i => HealthAnswer.Entry($"orders-{i}", modifyIndex: i == changed ? 99_999 : 10 + i, port: i == changed ? 81 : 80))]);
}
