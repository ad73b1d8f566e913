using System.Globalization;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Tests.Testing;

public sealed class ChildProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TestProcessKilled_ItsServers_DieWithIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can be asked to kill a process with its parent.");
        await (await EtcdServer.StartAsync(cancellationToken: Cancel)).DisposeAsync(); // skips where there is no etcd
        using var folder = new TemporaryFolder();
        await using var tests = await AppProcess.StartAsync(
            typeof(ChildProcessTests).Assembly.Location,
            new Dictionary<string, string?> { ["TMPDIR"] = folder.Path }, // what is killed cleans up nothing
            ["-method", $"{typeof(EtcdServerTests).FullName}.{nameof(EtcdServerTests.FindLeader_LeaderKilled_IsAnother)}"]);
        var servers = await Eventually.IsAsync(() => ChildrenOf(tests.Id, "etcd"), children => children.Count == 3, cancellationToken: Cancel);

        await tests.KillAsync();

        await Eventually.HoldsAsync(() => !servers.Any(id => Directory.Exists($"/proc/{id}")), cancellationToken: Cancel);
    }

    private static List<int> ChildrenOf(int parent, string name) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(id => int.TryParse(id, out _))
            .Where(id => ReadStat(id!).StartsWith($"({name}) ", StringComparison.Ordinal) && ReadStat(id!).Contains($" {parent} ", StringComparison.Ordinal))
            .Select(id => int.Parse(id!, CultureInfo.InvariantCulture))];

    /// <summary>What the kernel tells of a process from its name on: name, state, parent and more; nothing of one that is gone.</summary>
    private static string ReadStat(string id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return string.Join(' ', stat[stat.IndexOf('(', StringComparison.Ordinal)..].Split(' ').Take(3)) + " ";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
