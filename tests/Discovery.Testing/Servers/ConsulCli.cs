using Discovery.Testing.Processes;

namespace Discovery.Testing.Servers;

/// <summary>Runs Consul's own command-line client against a server.</summary>
internal sealed class ConsulCli(string program, Uri address)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public async Task<string> RunAsync(params IReadOnlyList<string> arguments)
    {
        var environment = new Dictionary<string, string?> { ["CONSUL_HTTP_ADDR"] = address.GetLeftPart(UriPartial.Authority) };
        await using var process = await ChildProcess.StartAsync(program, arguments, environment);
        var code = await process.WaitForExitAsync(Bound);
        await process.OutputEnded.WaitAsync(Bound);
        return code == 0
            ? string.Join('\n', process.StandardOutput)
            : throw new InvalidOperationException($"consul {string.Join(' ', arguments)} ended with {code}:\n{process.Output.Tail()}");
    }
}
