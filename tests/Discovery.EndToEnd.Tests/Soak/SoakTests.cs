using System.Globalization;
using System.Runtime.Versioning;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>What only shows after a long time. Run by <c>tests/run.sh --soak</c> alone.</summary>
[SupportedOSPlatform("linux")]
public sealed class SoakTests
{
    [Fact(Explicit = true), Trait("Category", "Soak")]
    public async Task Apps_ThroughFaultAfterFault_AreWellAgainAfterEachAndGrowNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Faults are brought about, and processes looked into, as only Linux lets one.");
        ShortLivedProcesses.CompileAsShipped();
        await using var run = new SoakRun((int)Setting("SEED", Random.Shared.Next(1_000_000)), TimeSpan.FromMinutes(Setting("MINUTES", 30)));
        await run.PlayAsync();
    }

    private static double Setting(string name, double otherwise) =>
        Environment.GetEnvironmentVariable($"DISCOVERY_SOAK_{name}") is { Length: > 0 } value ? double.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
