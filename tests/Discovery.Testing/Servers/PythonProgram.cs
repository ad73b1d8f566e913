using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>Runs scripts with Debian's Python and its clients of Consul (<c>consul</c>) and etcd (<c>etcd3</c>).</summary>
public static class PythonProgram
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Runs a script to its end; skips the test where Python's clients are not on this machine.</summary>
    /// <param name="source">The script.</param>
    /// <param name="arguments">Its command line.</param>
    /// <returns>The lines it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string source, params IEnumerable<string> arguments)
    {
        var tree = UnpackedTree.Find("python", "Python with clients of Consul and etcd");
        var environment = new Dictionary<string, string?>
        {
            ["PYTHONHOME"] = Path.Combine(tree, "usr"),
            ["PYTHONPATH"] = Path.Combine(tree, "usr", "lib", "python3", "dist-packages"),
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONWARNINGS"] = "ignore",
            ["LD_LIBRARY_PATH"] = string.Join(':', Directory.EnumerateDirectories(Path.Combine(tree, "usr", "lib"), "*-linux-gnu")
                .Concat(Directory.Exists(Path.Combine(tree, "lib")) ? Directory.EnumerateDirectories(Path.Combine(tree, "lib"), "*-linux-gnu") : [])),
            ["http_proxy"] = null,
            ["HTTP_PROXY"] = null,
        };
        await using var process = await ChildProcess.StartAsync(Path.Combine(tree, "usr", "bin", "python3.11"), [source, .. arguments], environment);
        var code = await process.WaitForExitAsync(Bound);
        await process.OutputEnded.WaitAsync(Bound);
        return code == 0 ? process.StandardOutput : throw new InvalidOperationException($"{source} ended with {code}:\n{process.Output.Tail()}");
    }
}
