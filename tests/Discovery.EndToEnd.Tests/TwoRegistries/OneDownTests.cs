using System.Net;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.TwoRegistries;

/// <summary>Apps in Consul and etcd at once, one of which is broken when they start, while they run and when they leave: no call fails, nobody is found twice.</summary>
public sealed class OneDownTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Consul", "killed")]
    [InlineData("Consul", "wiped")]
    [InlineData("Etcd", "hung")]
    public Task OneRegistry_Broken_IsNoMatter(string broken, string fault) => PlayAsync(broken, fault);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("Consul", "hung")]
    [InlineData("Etcd", "killed")]
    [InlineData("Etcd", "wiped")]
    public Task OneRegistry_BrokenOtherwise_IsNoMatter(string broken, string fault) => PlayAsync(broken, fault);

    private static async Task PlayAsync(string provider, string fault)
    {
        await using var servers = await ConsulAndEtcd.StartAsync();
        var (broken, sound) = (servers[provider], provider == "Consul" ? servers.Etcd : servers.Consul);
        await BreakAsync(broken, fault);

        // At start: the apps are found through the other one, and come to stand in both.
        await using var rollout = await Rollout.StartAsync(servers.WithBoth(), copies: 2);
        await rollout.StandInAsync(sound, alone: true);
        await HealAsync(broken, fault);
        await rollout.StandInAsync(broken, alone: true);
        await rollout.KnownAsync();

        // While they run, when one leaves, and when one starts meanwhile.
        await BreakAsync(broken, fault);
        var ending = await rollout.ReplaceAsync(0);
        Assert.InRange(ending.TotalSeconds, 0, 15); // 3 s to revoke, 2 s to drain, and what the machine takes
        await rollout.StandInAsync(sound, alone: true);
        Assert.Equal(HttpStatusCode.OK, await rollout.Copies[0].StatusAsync("/health/ready"));
        await Eventually.IsAsync(() => rollout.Copies[0].CountInStateAsync("registered"), count => count == 1, cancellationToken: Cancellation); // it may still wait for the answer

        await HealAsync(broken, fault);
        await rollout.StandInAsync(broken, alone: false); // who left meanwhile stands there until its Ttl
        await rollout.StandInAsync(broken, alone: true);
        await Eventually.IsAsync(() => rollout.Caller.LookAsync("orders"), known => known.Source == "live", TimeSpan.FromSeconds(60), Cancellation);
        await rollout.KnownAsync();
        await rollout.FinishAsync(1000);
    }

    private static async Task BreakAsync(RegistryUnderTest registry, string fault)
    {
        if (fault == "hung")
        {
            registry.Suspend();
        }
        else
        {
            await registry.KillAsync();
        }
    }

    private static async Task HealAsync(RegistryUnderTest registry, string fault)
    {
        if (fault == "hung")
        {
            registry.Resume();
        }
        else
        {
            await registry.StartAgainAsync(wipe: fault == "wiped");
        }
    }
}
