using System.Collections.Concurrent;
using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>A program in Go, compiled with Debian's Go and its packages of etcd's client, that runs as a process of its own.</summary>
public sealed class GoProgram : IAsyncDisposable
{
    private const string Release = "go-1.19";

    // Compiling etcd's client and all that it imports for the first time takes a minute on a busy machine.
    private static readonly TimeSpan BuildBound = TimeSpan.FromMinutes(5);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Built = new();

    private readonly ChildProcess _process;

    private GoProgram(ChildProcess process) => _process = process;

    /// <summary>What it has written so far.</summary>
    public ProcessOutput Output => _process.Output;

    /// <summary>Compiles a program, once for all tests; skips the test where Go is not on this machine.</summary>
    /// <remarks>For tests with leases that would expire meanwhile; others just start it.</remarks>
    /// <param name="source">Its one file.</param>
    /// <returns>The path of the program.</returns>
    public static Task<string> CompileAsync(string source)
    {
        var tree = UnpackedTree.Find("go", "Go with etcd's client");
        return Built.GetOrAdd(source, path => new(() => BuildAsync(path, tree))).Value;
    }

    /// <summary>Starts a program, which is compiled first where it was not; skips the test where Go is not on this machine.</summary>
    /// <param name="source">Its one file.</param>
    /// <param name="arguments">Its command line.</param>
    public static async Task<GoProgram> StartAsync(string source, params IEnumerable<string> arguments) =>
        new(await ChildProcess.StartAsync(await CompileAsync(source), arguments));

    /// <summary>Waits for a line of its output; see <see cref="ProcessOutput.WaitForLineAsync"/>.</summary>
    public Task<System.Text.RegularExpressions.Match> WaitForLineAsync(string pattern) =>
        Output.WaitForLineAsync(pattern, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Asks it to end (SIGTERM) and waits for that.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> StopAsync()
    {
        _process.Send(Signal.Terminate);
        return WaitForExitAsync();
    }

    /// <summary>Kills it (SIGKILL) and waits for its end.</summary>
    public Task KillAsync()
    {
        _process.Send(Signal.Kill);
        return WaitForExitAsync();
    }

    /// <summary>Waits for its end, and until all it wrote has been read.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        var code = await _process.WaitForExitAsync(Eventually.DefaultBound, TestContext.Current.CancellationToken);
        await _process.OutputEnded.WaitAsync(Eventually.DefaultBound);
        return code;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<string> BuildAsync(string source, string tree)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "go", Path.GetFileNameWithoutExtension(source)));
        var code = Path.Combine(folder.FullName, "main.go");
        // Before modules the client had another path; it is the same code.
        var text = await File.ReadAllTextAsync(source);
        await File.WriteAllTextAsync(code, text.Replace("go.etcd.io/etcd/client/v3", "go.etcd.io/etcd/clientv3", StringComparison.Ordinal));

        var program = Path.Combine(folder.FullName, "program");
        var root = Path.Combine(tree, "usr", "lib", Release);
        var environment = new Dictionary<string, string?>
        {
            ["GO111MODULE"] = "off",
            ["CGO_ENABLED"] = "0",
            ["GOROOT"] = root,
            ["GOPATH"] = Path.Combine(tree, "usr", "share", "gocode"),
            ["GOCACHE"] = Path.Combine(RepositoryFiles.Root, ".servers", ".go-cache"),
            ["GOFLAGS"] = null,
        };
        await using var go = await ChildProcess.StartAsync(Path.Combine(root, "bin", "go"), ["build", "-o", program, code], environment, folder.FullName);
        var exit = await go.WaitForExitAsync(BuildBound);
        await go.OutputEnded.WaitAsync(BuildBound);
        return exit == 0 ? program : throw new InvalidOperationException($"go build {source} ended with {exit}:\n{go.Output.Tail()}");
    }
}
