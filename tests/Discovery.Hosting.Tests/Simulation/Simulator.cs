using System.Diagnostics;

namespace Discovery.Hosting.Tests.Simulation;

/// <summary>Runs tests/Discovery.Simulation in processes of its own, on the libraries that lie beside it.</summary>
internal static class Simulator
{
    /// <summary>The seeds that CI runs.</summary>
    public const string Seeds = "0-9999";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(14);

    public static Task<(int Code, string Output)> RunAsync(params string[] arguments) => RunInAsync(AppContext.BaseDirectory, arguments);

    /// <param name="folder">Where the simulation lies.</param>
    /// <param name="arguments">Its command line.</param>
    public static Task<(int Code, string Output)> RunInAsync(string folder, params string[] arguments) =>
        RunAsync(new ProcessStartInfo("dotnet", [Path.Combine(folder, "Discovery.Simulation.dll"), .. arguments]) { RedirectStandardOutput = true });

    public static async Task<(int Code, string Output)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Bound);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
