using Discovery.Testing.Processes;

namespace Discovery.Testing;

/// <summary>An app of ours that runs as a process of its own: <c>dotnet X.dll</c>, or a native program. Killed with the test process, at the latest.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    // For apps that live for seconds. Diagnostics leave their sockets and pipes in the temporary folder where one is killed. To compile better what has run often,
    // after profiles of it, takes half of the processor time and pays later only: what lives for ten seconds is compiled better all the same (0x2710 ms).
    private static readonly Dictionary<string, string?> ForShortLives = new()
    {
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCountingDelayMs"] = "2710",
    };

    private readonly ChildProcess _process;

    private AppProcess(ChildProcess process) => _process = process;

    /// <summary>Its process ID.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it lives, frozen or not.</summary>
    public bool IsRunning => _process.IsRunning;

    /// <summary>What it has written so far to standard output and standard error.</summary>
    public ProcessOutput Output => _process.Output;

    /// <summary>Starts an app.</summary>
    /// <param name="assembly">The path of its dll, or of the native program that it was compiled into.</param>
    /// <param name="environment">Environment variables on top of this process's; null as a value removes one.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="within">A program, with its first arguments, that is given the command to run as its last ones, such as <c>unshare -m</c>.</param>
    /// <param name="workingDirectory">Where it runs; the dll's folder where null, so that it finds its appsettings.json.</param>
    public static async Task<AppProcess> StartAsync(
        string assembly,
        IReadOnlyDictionary<string, string?>? environment = null,
        IEnumerable<string>? arguments = null,
        IReadOnlyList<string>? within = null,
        string? workingDirectory = null)
    {
        if (!File.Exists(assembly))
        {
            throw new FileNotFoundException("The app has not been built.", assembly);
        }

        var variables = new Dictionary<string, string?>(ForShortLives);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            variables[name] = value;
        }

        string[] program = Path.GetExtension(assembly) == ".dll" ? [DotnetCommand.Program, assembly] : [assembly];
        string[] command = [.. within ?? [], .. program, .. arguments ?? []];
        return new AppProcess(await ChildProcess.StartAsync(
            command[0], command[1..], variables, workingDirectory ?? Path.GetDirectoryName(Path.GetFullPath(assembly))));
    }

    /// <summary>Waits for a line of its output; see <see cref="ProcessOutput.WaitForLineAsync"/>.</summary>
    public Task<System.Text.RegularExpressions.Match> WaitForLineAsync(
        string pattern, TimeSpan? bound = null, CancellationToken cancellationToken = default) =>
        Output.WaitForLineAsync(pattern, bound, cancellationToken);

    /// <summary>Sends it a signal; nothing happens where it has ended.</summary>
    public void Send(Signal signal) => _process.Send(signal);

    /// <summary>Waits for its end, and until all it wrote has been read.</summary>
    /// <param name="bound">How long at most; <see cref="Eventually.DefaultBound"/> where null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Its exit code; 128 and the signal's number where a signal ended it.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan? bound = null, CancellationToken cancellationToken = default)
    {
        var code = await _process.WaitForExitAsync(bound ?? Eventually.DefaultBound, cancellationToken);
        await _process.OutputEnded.WaitAsync(Eventually.DefaultBound, cancellationToken);
        return code;
    }

    /// <summary>Asks it to end (SIGTERM) and waits for that.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> StopAsync(TimeSpan? bound = null, CancellationToken cancellationToken = default)
    {
        Send(Signal.Terminate);
        return WaitForExitAsync(bound, cancellationToken);
    }

    /// <summary>Kills it (SIGKILL) and waits for its end.</summary>
    public Task KillAsync()
    {
        Send(Signal.Kill);
        return WaitForExitAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
