namespace Discovery.Hosting.Tests.Simulation;

/// <summary>Proves that the simulation sees: each planted bug is caught by the seeds that CI runs, by an invariant that speaks of it.</summary>
[Collection(nameof(Simulated))]
public sealed class PlantedBugTests(PlantedBuild build)
{
    public static TheoryData<string> Names => [.. PlantedBugs.All.Select(bug => bug.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Seeds_WithABugPlanted_BreakTheInvariantThatSpeaksOfIt(string name)
    {
        var bug = PlantedBugs.All.First(bug => bug.Name == name);
        var output = (await build.FoundAsync())[name];

        TestContext.Current.TestOutputHelper?.WriteLine(output[Math.Max(0, output.Length - 1000)..]);
        Assert.Contains(bug.NoticedBy, invariant => output.Contains($" breaks {invariant}:", StringComparison.Ordinal)); // or no seed has caught it
    }

    [Fact]
    public async Task Seeds_WithNoBugActive_BreakNothing()
    {
        var (code, output) = await Simulator.RunInAsync(await build.FolderAsync(), "--seeds", "0-499", "--workers", "2");

        Assert.True(code == 0, output);
    }
}
