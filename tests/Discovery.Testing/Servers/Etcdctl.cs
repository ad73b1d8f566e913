using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>Runs etcd's own command-line client: what stands in the registry, seen past all of our code.</summary>
internal sealed class Etcdctl(string program, IReadOnlyList<string> connection)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public async Task<string> RunAsync(params IReadOnlyList<string> arguments)
    {
        var environment = new Dictionary<string, string?> { ["ETCDCTL_API"] = "3" };
        await using var process = await ChildProcess.StartAsync(program, [.. connection, .. arguments], environment);
        var code = await process.WaitForExitAsync(Bound);
        await process.OutputEnded.WaitAsync(Bound);
        return code == 0
            ? string.Join('\n', process.StandardOutput)
            : throw new InvalidOperationException($"etcdctl {string.Join(' ', arguments)} ended with {code}:\n{process.Output.Tail()}");
    }
}
