using System.Diagnostics;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests;

[Collection("Timing")]
public sealed class TimingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RegistryUnderTest.Servers), MemberType = typeof(RegistryUnderTest))]
    public async Task Registration_AfterARestartWithoutData_IsBackWithinOneBeatAndASecond(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry); // Ttl 15 s: a beat is 5 s
        await app.RegisteredAsync(registry);
        await registry.KillAsync();
        await registry.StartAgainAsync(wipe: true);
        var back = Stopwatch.GetTimestamp();

        await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart")).ContainsKey(app.Id), TimeSpan.FromSeconds(30), Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(back), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Health_OfTheApp_ReachesTheRegistryWithinOneBeatAndASecond(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);
        await app.SimulateAsync("unhealthy");
        var said = Stopwatch.GetTimestamp();

        await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart"))[app.Id] == "unhealthy", TimeSpan.FromSeconds(30), Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(said), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Sigkill_OfAnAppInLocal_IsSeenWithinAboutASecond()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var watcher = await QuickStartApp.StartAsync(registry);
        await using var app = await QuickStartApp.StartAsync(registry);
        await watcher.RegisteredAsync(registry);
        await app.RegisteredAsync(registry);
        await Eventually.HoldsAsync(async () => (await watcher.InstancesAsync()).Count == 2, cancellationToken: Cancellation);
        await app.Process.KillAsync();
        var killed = Stopwatch.GetTimestamp();

        await Eventually.HoldsAsync(async () => (await watcher.InstancesAsync()).Count == 1, TimeSpan.FromSeconds(30), Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, TimeSpan.FromSeconds(3)); // a scan each second, and what the machine takes
    }
}
