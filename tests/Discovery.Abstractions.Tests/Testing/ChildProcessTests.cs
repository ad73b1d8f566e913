using System.Diagnostics;
using System.Globalization;
using Discovery.Testing;

namespace Discovery.Tests.Testing;

public sealed class ChildProcessTests
{
    private const string PidFile = "DISCOVERY_TEST_PID_FILE";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TestProcessKilled_ItsChildren_DieWithIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can be asked to kill a process with its parent.");
        using var folder = new TemporaryFolder();
        var file = folder.Combine("pid");
        await using var tests = await StartAsync(
            new Dictionary<string, string?> { [PidFile] = file },
            "-explicit", "only", "-method", $"{typeof(ChildProcessTests).FullName}.{nameof(StartChild_AndWait)}");
        await Eventually.HoldsAsync(() => File.Exists(file), cancellationToken: Cancel);
        var child = int.Parse(await File.ReadAllTextAsync(file, Cancel), CultureInfo.InvariantCulture);
        Assert.True(IsRunning(child));

        await tests.KillAsync();

        await Eventually.HoldsAsync(() => !IsRunning(child), cancellationToken: Cancel);
    }

    /// <summary>Not a test, but the other process of one.</summary>
    [Fact(Explicit = true)]
    public async Task StartChild_AndWait()
    {
        var file = Environment.GetEnvironmentVariable(PidFile);
        Assert.SkipWhen(file is null, "Runs as the other process of a test only.");
        await using var child = await StartAsync(new Dictionary<string, string?>(), "-waitForDebugger");
        await child.WaitForLineAsync("debugger", cancellationToken: Cancel);
        await File.WriteAllTextAsync(file + ".new", $"{child.Id}", Cancel);
        File.Move(file + ".new", file);
        await Task.Delay(Timeout.Infinite, Cancel);
    }

    private static Task<AppProcess> StartAsync(Dictionary<string, string?> environment, params string[] arguments) =>
        AppProcess.StartAsync(typeof(ChildProcessTests).Assembly.Location, environment, arguments);

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
