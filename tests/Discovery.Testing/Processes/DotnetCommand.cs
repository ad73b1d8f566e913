namespace Discovery.Testing.Processes;

/// <summary>Runs the SDK's command line, as a developer would.</summary>
public static class DotnetCommand
{
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1", // what it starts ends with it
        ["UseSharedCompilation"] = "false",
        ["MSBUILDTERMINALLOGGER"] = "off",
        ["Configuration"] = null, // of the build that runs these tests
    };

    /// <summary>The .NET host that runs this process, or the one on the PATH.</summary>
    public static string Program => System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a command to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="bound">How long it may take.</param>
    /// <param name="arguments">What follows <c>dotnet</c>.</param>
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it wrote.</exception>
    public static async Task<string> RunAsync(string folder, TimeSpan bound, params IReadOnlyList<string> arguments)
    {
        await using var process = await ChildProcess.StartAsync(Program, arguments, Environment, folder);
        var code = await process.WaitForExitAsync(bound);
        await process.OutputEnded.WaitAsync(bound);
        return code == 0
            ? process.Output.Tail(int.MaxValue)
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {code}:\n{process.Output.Tail(60)}");
    }
}
