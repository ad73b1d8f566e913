using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>A real server of a registry, of one's own, with its data on disk, that can be killed, frozen, started again and wiped.</summary>
public abstract class RegistryServer : IAsyncDisposable
{
    /// <summary>The process, to look at what it uses.</summary>
    public int ProcessId => Run.ProcessId;

    /// <summary>Whether the process lives, frozen or not.</summary>
    public bool IsRunning => Run.IsRunning;

    /// <summary>What it has logged since it was last started.</summary>
    public ProcessOutput Output => Run.Output;

    private protected abstract ServerRun Run { get; }

    /// <summary>Starts it after its end on the same ports and waits until it is ready.</summary>
    /// <param name="wipe">Whether it has lost all its data. Not for a member of a larger cluster, which would not let it back in.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task StartAgainAsync(bool wipe = false, CancellationToken cancellationToken = default) => Run.StartAgainAsync(wipe, cancellationToken);

    /// <summary>Stops it, keeps a copy of its data as a backup would, and starts it again.</summary>
    public Task BackUpAsync(CancellationToken cancellationToken = default) => Run.BackUpAsync(cancellationToken);

    /// <summary>Starts it after its end with the data of <see cref="BackUpAsync"/>: what was written since is lost.</summary>
    public Task RestoreAsync(CancellationToken cancellationToken = default) => Run.RestoreAsync(cancellationToken);

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public Task KillAsync() => Run.EndAsync(Signal.Kill);

    /// <summary>SIGTERM; returns when the process is gone.</summary>
    public Task StopAsync() => Run.EndAsync(Signal.Terminate);

    /// <summary>Freezes it: it accepts connections, and answers none.</summary>
    public void Suspend() => Run.Send(Signal.Stop);

    /// <summary>Lets it go on after <see cref="Suspend"/>.</summary>
    public void Resume() => Run.Send(Signal.Continue);

    /// <summary>Kills it, and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await Run.DisposeAsync();
        LetGo();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what it needed, once the process is gone.</summary>
    private protected abstract void LetGo();
}
