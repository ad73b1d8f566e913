using System.Net;
using System.Net.Sockets;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests;

/// <summary>What QuickStart says where it cannot start: the reason, and nothing of its own that fails in consequence.</summary>
public sealed class FailedStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OnAPortThatIsInUse_TellsOnlyThat()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var process = await AppProcess.StartAsync(QuickStartApp.Assembly, new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = $"http://{taken.LocalEndpoint}",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Discovery__Local__Directory"] = folder.Path,
            ["Discovery__Client__CacheDirectory"] = "",
        });

        Assert.NotEqual(0, await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Cancellation));

        var lines = process.Output.Lines;
        Assert.Contains(lines, line => line.Contains("address already in use", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("BackgroundService", StringComparison.Ordinal) || line.Contains("serves at", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "lease~*"));
    }
}
