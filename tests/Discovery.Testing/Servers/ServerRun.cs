using System.Diagnostics;
using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>The runs of one server program, one after another, under the same command line.</summary>
internal sealed class ServerRun(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment) : IAsyncDisposable
{
    // etcd 3.5.30 takes 7 s to exit on SIGTERM with a watch open.
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadyBound = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    public bool IsRunning => _process?.IsRunning ?? false;

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The server does not run.");

    public ProcessOutput Output => _process?.Output ?? new ProcessOutput();

    /// <summary>Starts the program and waits until it is ready.</summary>
    /// <exception cref="AddressInUseException">Somebody else has one of its ports.</exception>
    public async Task StartAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The server still runs.");
        }

        await DisposeAsync();
        var process = _process = await ChildProcess.StartAsync(program, arguments, environment);
        var started = Stopwatch.GetTimestamp();
        while (!await isReady(cancellationToken))
        {
            if (!process.IsRunning)
            {
                var output = process.Output.Tail();
                throw output.Contains("address already in use", StringComparison.Ordinal)
                    ? new AddressInUseException(output)
                    : new InvalidOperationException($"{program} has ended instead of starting:\n{output}");
            }

            if (Stopwatch.GetElapsedTime(started) > ReadyBound)
            {
                throw new InvalidOperationException($"{program} is not ready after {ReadyBound}:\n{process.Output.Tail()}");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    public void Send(Signal signal) => _process?.Send(signal);

    public async Task EndAsync(Signal signal)
    {
        if (_process is { IsRunning: true } process)
        {
            process.Send(signal);
            await process.WaitForExitAsync(StopBound);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            await process.DisposeAsync();
        }
    }
}
