namespace Discovery.Hosting.Tests.Simulation;

[Collection(nameof(Simulated))]
public sealed class SimulationTests
{
    [Fact]
    public async Task Seeds_AllOfCi_BreakNoInvariant()
    {
        var (code, output) = await Simulator.RunAsync("--seeds", Simulator.Seeds, "--workers", "2");

        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Seed_RunAgainInAnotherProcessAndOrder_HasTheSameTrace()
    {
        var once = await HashesAsync("--seeds", "0-39", "--workers", "1");
        var again = await HashesAsync("--seeds", "0-39", "--workers", "1");
        var apart = await HashesAsync("--seeds", "0-39", "--workers", "3");
        var alone = await HashesAsync("--seed", "37");

        Assert.Equal(40, once.Count);
        Assert.Equal(40, once.Distinct().Count());
        Assert.Equal(once, again);
        Assert.Equal(once, apart);
        Assert.Equal(alone, once.Where(line => line.StartsWith("seed 37 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Trace_OfASeed_IsWrittenForPeople()
    {
        var (code, output) = await Simulator.RunAsync("--seed", "3", "--trace");

        Assert.True(code == 0, output);
        Assert.Contains(" is registered, Healthy", output, StringComparison.Ordinal);
        Assert.Contains(" has stopped", output, StringComparison.Ordinal);
    }

    private static async Task<List<string>> HashesAsync(params string[] arguments)
    {
        var (code, output) = await Simulator.RunAsync([.. arguments, "--hashes"]);
        Assert.True(code == 0, output);
        return [.. output.Split('\n').Where(line => line.StartsWith("seed ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}
