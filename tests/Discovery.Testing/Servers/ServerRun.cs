using System.Diagnostics;
using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>The runs of one server program, one after another, under the same command line and over the same data.</summary>
/// <param name="program">The program.</param>
/// <param name="arguments">Its command line.</param>
/// <param name="folder">Holds its data, in a folder <c>data</c>.</param>
/// <param name="isReady">Asks it whether it is.</param>
internal sealed class ServerRun(string program, IReadOnlyList<string> arguments, TemporaryFolder folder, Func<CancellationToken, Task<bool>> isReady) : IAsyncDisposable
{
    private const int Attempts = 3;

    // etcd 3.5.30 takes 7 s to exit on SIGTERM with a watch open.
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadyBound = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    public bool IsRunning => _process?.IsRunning ?? false;

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The server does not run.");

    public ProcessOutput Output => _process?.Output ?? new ProcessOutput();

    /// <summary>Starts a new server; where somebody else has taken one of its ports, another one on others.</summary>
    public static async Task<T> StartAsync<T>(Func<T> create, Func<T, Task> start)
        where T : IAsyncDisposable
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = create();
            try
            {
                await start(server);
                return server;
            }
            catch (AddressInUseException) when (attempt < Attempts)
            {
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Starts the program after its end and waits until it is ready.</summary>
    /// <param name="wipe">Whether it has lost all its data.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="AddressInUseException">Somebody else has one of its ports.</exception>
    public Task StartAgainAsync(bool wipe, CancellationToken cancellationToken)
    {
        if (wipe && !IsRunning)
        {
            folder.Wipe("data");
        }

        return StartAsync(cancellationToken);
    }

    /// <summary>Stops it, keeps a copy of its data as a backup would, and starts it again.</summary>
    public async Task BackUpAsync(CancellationToken cancellationToken)
    {
        await EndAsync(Signal.Terminate);
        folder.Replace("backup", "data");
        await StartAsync(cancellationToken);
    }

    /// <summary>Starts it after its end with the data of <see cref="BackUpAsync"/>.</summary>
    public Task RestoreAsync(CancellationToken cancellationToken)
    {
        folder.Replace("data", "backup");
        return StartAsync(cancellationToken);
    }

    /// <summary>Starts the program and waits until it is ready.</summary>
    /// <exception cref="AddressInUseException">Somebody else has one of its ports.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The server still runs.");
        }

        await DisposeAsync();
        var process = _process = await ChildProcess.StartAsync(program, arguments, new Dictionary<string, string?>());
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
