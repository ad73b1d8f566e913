using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Soak;

[SupportedOSPlatform("linux")]
public sealed class MemoryProbeTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public async Task Ask_OfAnAppThatHasMadeGarbage_IsWhatItUses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The app is asked by a signal.");
        using var folder = new TemporaryFolder();
        var probe = new MemoryProbe(folder.Path);
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await QuickStartApp.StartAsync(registry, probe.Settings, within: []);
        await app.StatusAsync("/metrics");
        var before = await probe.AskAsync(app.Process, TestContext.Current.CancellationToken);

        for (var i = 0; i < 200; i++)
        {
            await app.StatusAsync("/metrics"); // dozens of kilobytes of text each
        }

        var after = await probe.AskAsync(app.Process, TestContext.Current.CancellationToken);

        Assert.InRange(before, Megabyte, 50 * Megabyte);
        Assert.InRange(after, before - Megabyte, before + Megabyte);
    }
}
