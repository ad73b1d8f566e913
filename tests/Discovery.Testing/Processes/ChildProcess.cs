using System.Diagnostics;

namespace Discovery.Testing.Processes;

/// <summary>One run of a program: its output, its signals and its end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _ended;
    private readonly List<string> _standardOutput = [];
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openStreams = 2;
    private int _disposed;

    private ChildProcess(Process process)
    {
        _process = process;
        // WaitForExitAsync would also wait for the ends of the pipes, which a grandchild may hold open.
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        if (process.HasExited)
        {
            exited.TrySetResult();
        }

        _ended = exited.Task;
        process.OutputDataReceived += (_, line) => Add(line.Data, _standardOutput);
        process.ErrorDataReceived += (_, line) => Add(line.Data, null);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public ProcessOutput Output { get; } = new();

    /// <summary>The lines of standard output alone; to be read after <see cref="OutputEnded"/>.</summary>
    public IReadOnlyList<string> StandardOutput => _standardOutput;

    /// <summary>Ends when both streams have been read to their ends.</summary>
    public Task OutputEnded => _outputEnded.Task;

    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true, // a child that shares our terminal could be stopped for reading from it
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(await Spawner.StartAsync(start));
    }

    public void Send(Signal signal) => Signals.Send(_process, signal);

    public async Task<int> WaitForExitAsync(TimeSpan bound, CancellationToken cancellationToken = default)
    {
        try
        {
            await _ended.WaitAsync(bound, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new Xunit.Sdk.XunitException($"Process {Id} ({_process.StartInfo.FileName}) has not ended within {bound}. It wrote:\n{Output.Tail()}");
        }

        return _process.ExitCode;
    }

    /// <summary>Kills it if it still runs, stopped or not, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Send(Signal.Kill);
            await _ended;
            _process.Dispose();
        }
    }

    private void Add(string? line, List<string>? also)
    {
        if (line is not null)
        {
            also?.Add(line);
            Output.Add(line);
        }
        else if (Interlocked.Decrement(ref _openStreams) == 0)
        {
            _outputEnded.TrySetResult();
        }
    }
}
