using System.Diagnostics;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.Tests.Testing;

/// <summary>The app is this very test assembly: its runner lists its tests, or waits, as its arguments say.</summary>
public sealed class AppProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitForExit_AppThatEnds_GivesCodeAndOutput()
    {
        await using var app = await StartAsync("-list", "classes");

        Assert.Equal(0, await app.WaitForExitAsync(cancellationToken: Cancel));

        Assert.Contains(app.Output.Lines, line => line.Contains(nameof(AppProcessTests), StringComparison.Ordinal));
        Assert.False(app.IsRunning);
    }

    [Fact]
    public async Task Kill_RunningApp_EndsIt()
    {
        await using var app = await StartAsync("-waitForDebugger");
        await app.WaitForLineAsync("debugger", cancellationToken: Cancel);

        app.Send(Signal.Stop);
        await app.KillAsync();

        Assert.Equal(137, await app.WaitForExitAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Dispose_RunningApp_LeavesNoProcess()
    {
        var app = await StartAsync("-waitForDebugger");
        await app.WaitForLineAsync("debugger", cancellationToken: Cancel);
        var id = app.Id;

        await app.DisposeAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Fact]
    public async Task WaitForLine_LineNeverComes_FailsWithWhatItWrote()
    {
        await using var app = await StartAsync("-list", "classes");
        await app.WaitForExitAsync(cancellationToken: Cancel);

        var failure = await Assert.ThrowsAsync<Xunit.Sdk.XunitException>(
            () => app.WaitForLineAsync("never written", TimeSpan.FromMilliseconds(100), Cancel));

        Assert.Contains("never written", failure.Message, StringComparison.Ordinal);
    }

    private static Task<AppProcess> StartAsync(params string[] arguments) =>
        AppProcess.StartAsync(typeof(AppProcessTests).Assembly.Location, arguments: arguments);
}
