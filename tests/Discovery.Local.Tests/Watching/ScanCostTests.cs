using System.Diagnostics;
using Discovery.Local.Files;
using Discovery.Local.Leases;
using Discovery.Local.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Local.Tests.Watching;

[Collection("Timing")]
public sealed class ScanCostTests : IAsyncDisposable
{
    private const int Leases = 1000;

    private readonly LocalFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public void RefreshAll_AThousandLeases_TakesASmallPartOfASecond()
    {
        var client = new LocalClient(_folder.Path, LockableFiles.OfThisSystem);
        var held = new List<HeldFile>();
        for (var i = 0; i < Leases; i++)
        {
            var instance = LocalFolder.Instance($"service-{i % 100}", $"copy-{i}") with { Incarnation = 1 };
            held.Add(client.Publish(LeaseFileName.Of(instance.ServiceName, instance.Id), LeaseFormat.Encode(instance, TimeSpan.FromHours(1), 1)));
        }

        var table = new LeaseTable(client, TimeProvider.System, NullLogger.Instance);
        Assert.Equal(100, table.RefreshAll(_ => true).Count);

        // Quiet leases, all watched; the best of several, since the machine is shared.
        var all = Best(() => Assert.Empty(table.RefreshAll(_ => true)));
        var few = Best(() => Assert.Empty(table.RefreshAll(service => service.EndsWith('7'))));
        TestContext.Current.TestOutputHelper?.WriteLine($"1,000 quiet leases: {all.TotalMilliseconds:F1} ms; 100 of them: {few.TotalMilliseconds:F1} ms");

        Assert.InRange(all, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        Assert.InRange(few, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        held.ForEach(file => file.Dispose());
    }

    private static TimeSpan Best(Action action) => Enumerable.Range(0, 10).Min(_ =>
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started);
    });
}
