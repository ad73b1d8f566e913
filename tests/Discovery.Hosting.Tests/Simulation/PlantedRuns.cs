namespace Discovery.Hosting.Tests.Simulation;

/// <summary>Runs CI's seeds with one planted bug after the other, in as many processes as a small machine has processors.</summary>
internal static class PlantedRuns
{
    private const int Processes = 2;
    private const string Heading = "bug ";

    /// <param name="folder">Where the simulation lies that has the bugs in it.</param>
    /// <param name="bugs">The bugs.</param>
    /// <returns>What was printed with each, by its name.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> RunAsync(string folder, IEnumerable<PlantedBug> bugs)
    {
        var names = bugs.ToLookup(bug => bug.Registry, bug => bug.Name);
        var parts = await Task.WhenAll(Enumerable.Range(0, Processes).Select(part => RunPartAsync(folder, names, part)));
        return parts.SelectMany(part => part).ToDictionary(StringComparer.Ordinal);
    }

    private static async Task<Dictionary<string, string>> RunPartAsync(string folder, ILookup<string?, string> names, int part)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in names)
        {
            await RunGroupAsync(folder, group.Key is { } registry ? ["--registry", registry] : [], [.. group.Distinct().Where((_, i) => i % Processes == part)], found);
        }

        return found;
    }

    // A bug that makes something run on for ever ends its process; the rest have another.
    private static async Task RunGroupAsync(string folder, string[] registry, List<string> bugs, Dictionary<string, string> found)
    {
        while (bugs.Where(bug => !found.ContainsKey(bug)).ToList() is { Count: > 0 } left)
        {
            var (code, output) = await Simulator.RunInAsync(folder, ["--bugs", string.Join(',', left), "--seeds", Simulator.Seeds, .. registry]);
            foreach (var section in $"\n{output}".Split($"\n{Heading}").Skip(1))
            {
                found.Add(section.Split('\n')[0], section);
            }

            Assert.True(left.Any(found.ContainsKey), $"The simulation ended with {code}, and ran none of {string.Join(',', left)}: {output}");
        }
    }
}
