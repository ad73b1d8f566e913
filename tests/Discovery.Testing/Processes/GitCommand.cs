namespace Discovery.Testing.Processes;

/// <summary>Runs git's command line.</summary>
public static class GitCommand
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">What follows <c>git</c>.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it wrote.</exception>
    public static async Task<string> RunAsync(string folder, params IReadOnlyList<string> arguments)
    {
        await using var process = await ChildProcess.StartAsync("git", arguments, workingDirectory: folder);
        var code = await process.WaitForExitAsync(Bound);
        await process.OutputEnded.WaitAsync(Bound);
        return code == 0
            ? string.Join('\n', process.StandardOutput)
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {code}:\n{process.Output.Tail()}");
    }
}
