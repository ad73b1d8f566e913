namespace Discovery.Hosting.Tests.Simulation;

/// <summary>Runs CI's seeds with one planted bug after the other, in as many processes as a small machine has processors.</summary>
internal static class PlantedRuns
{
    private const int Processes = 2;
    private const string Heading = "bug ";

    /// <param name="folder">Where the simulation lies that has the bugs in it.</param>
    /// <param name="bugs">Their names.</param>
    /// <returns>What was printed with each, by its name.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> RunAsync(string folder, IReadOnlyList<string> bugs)
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, Processes).Select(
            part => RunPartAsync(folder, [.. bugs.Where((_, i) => i % Processes == part)])));
        return parts.SelectMany(part => part).ToDictionary(StringComparer.Ordinal);
    }

    // A bug that makes something run on for ever ends its process; the rest have another.
    private static async Task<IReadOnlyDictionary<string, string>> RunPartAsync(string folder, IReadOnlyList<string> bugs)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        while (found.Count < bugs.Count)
        {
            var left = bugs.Where(bug => !found.ContainsKey(bug)).ToList();
            var (code, output) = await Simulator.RunInAsync(folder, "--bugs", string.Join(',', left), "--seeds", Simulator.Seeds);
            foreach (var section in $"\n{output}".Split($"\n{Heading}").Skip(1))
            {
                found.Add(section[..section.IndexOf('\n', StringComparison.Ordinal)], section);
            }

            Assert.True(left.Any(found.ContainsKey), $"The simulation ended with {code}, and ran none of {string.Join(',', left)}: {output}");
        }

        return found;
    }
}
