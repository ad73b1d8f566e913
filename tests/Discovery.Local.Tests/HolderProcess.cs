using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Discovery.Local.Tests;

/// <summary>A process of its own that holds one lease.</summary>
public sealed partial class HolderProcess : IAsyncDisposable
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private int? _child;

    private HolderProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<HolderProcess> StartAsync(string folder, string id, double ttlSeconds, bool withChild = false)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Discovery.Local.Holder.dll"),
                folder, "orders", id, ttlSeconds.ToString(CultureInfo.InvariantCulture), withChild ? "child" : "",
            },
        };
        var holder = new HolderProcess(Process.Start(start)!);
        if (withChild)
        {
            holder._child = int.Parse((await holder.ReadLineAsync())!, CultureInfo.InvariantCulture);
        }

        Assert.Equal("held", await holder.ReadLineAsync());
        return holder;
    }

    /// <summary>What it says last: why it gave the lease up.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Bound);

    /// <summary>SIGSTOP.</summary>
    public void Suspend() => Assert.Equal(0, Signal(_process.Id, Stop));

    /// <summary>SIGCONT.</summary>
    public void Resume() => Assert.Equal(0, Signal(_process.Id, Continue));

    /// <summary>SIGKILL.</summary>
    public Task KillAsync()
    {
        Assert.Equal(0, Signal(_process.Id, Kill));
        return _process.WaitForExitAsync();
    }

    /// <summary>Lets it revoke its lease and end.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        if (_child is { } child)
        {
            _ = Signal(child, Kill);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
