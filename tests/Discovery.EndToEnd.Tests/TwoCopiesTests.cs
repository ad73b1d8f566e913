using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests;

/// <summary>Two copies that were given one ID.</summary>
public sealed class TwoCopiesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task TwoCopies_WithTheSameId_EndAsTwoRegistrationsOfWhichTheNewestKeepsTheId(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        // An attempt has a third of the Ttl. Were the first copy's not answered in that time, it would take what stands there for its own for a Ttl more.
        (string, string?)[] settings = [("Discovery__Registration__Ttl", "00:00:15"), ("Discovery__Registration__InstanceId", "the-one")];
        await using var first = await QuickStartApp.StartAsync(registry, settings);
        await first.RegisteredAsync(registry);
        await using var second = await QuickStartApp.StartAsync(registry, settings);
        await second.Process.WaitForLineAsync("is registered in", cancellationToken: Cancellation);

        await first.Process.WaitForLineAsync("by another living copy", cancellationToken: Cancellation);
        await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart")).Count == 2, TimeSpan.FromSeconds(60), Cancellation);
        var instances = await second.InstancesAsync();
        Assert.Equal(second.Http.BaseAddress!.ToString().TrimEnd('/'), instances["the-one"].GetProperty("endpoints")[0].GetString());
        var other = Assert.Single(instances, instance => instance.Key != "the-one");
        Assert.Matches("^the-one-[0-9a-f]{4}$", other.Key);
        Assert.Equal(first.Http.BaseAddress!.ToString().TrimEnd('/'), other.Value.GetProperty("endpoints")[0].GetString());

        // The one that was superseded takes with it what is its own, and no more.
        Assert.Equal(0, await first.SignalAsync(Signal.Terminate));
        Assert.Equal(["the-one"], (await registry.ListAsync("quickstart")).Keys);
    }
}
