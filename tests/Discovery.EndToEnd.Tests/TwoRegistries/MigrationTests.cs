namespace Discovery.EndToEnd.Tests.TwoRegistries;

/// <summary>The guide on moving from Consul to etcd, followed step by step under constant load: no call fails.</summary>
public sealed class MigrationTests
{
    [Fact]
    public void Guide_HasTheStepsThatAreFollowed() => Assert.Equal(
        ["Discovery:Provider=Consul", "Discovery:Providers:0=Consul Discovery:Providers:1=Etcd", "Discovery:Provider=Etcd"],
        MigrationGuide.Steps.Select(step => string.Join(' ', step.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))));

    [Fact]
    public async Task Guide_Followed_FailsNoCall()
    {
        await using var servers = await ConsulAndEtcd.StartAsync();
        await using var rollout = await Rollout.StartAsync(servers.With(MigrationGuide.Steps[0]), copies: 2);
        await rollout.StandInAsync(servers.Consul, alone: true);

        rollout.Environment = servers.With(MigrationGuide.Steps[1]);
        await rollout.ReplaceAllAsync();
        await rollout.StandInAsync(servers.Consul, alone: true);
        await rollout.StandInAsync(servers.Etcd, alone: true);

        rollout.Environment = servers.With(MigrationGuide.Steps[2]);
        await rollout.ReplaceAllAsync();
        await rollout.StandInAsync(servers.Etcd, alone: true);
        Assert.Empty(await servers.Consul.ListAsync("orders"));
        Assert.Empty(await servers.Consul.ListAsync("caller"));

        await servers.Consul.KillAsync();
        await rollout.ReplaceAsync(0);
        await rollout.FinishAsync(2000);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Guide_FollowedAndRolledBackFromEachStep_FailsNoCall()
    {
        await using var servers = await ConsulAndEtcd.StartAsync();
        await using var rollout = await Rollout.StartAsync(servers.With(MigrationGuide.Steps[0]), copies: 3);

        foreach (var step in (int[])[1, 0, 1, 2, 1, 0])
        {
            rollout.Environment = servers.With(MigrationGuide.Steps[step]);
            await rollout.ReplaceAllAsync();
        }

        await rollout.StandInAsync(servers.Consul, alone: true);
        Assert.Empty(await servers.Etcd.ListAsync("orders"));
        await servers.Etcd.KillAsync();
        await rollout.FinishAsync(5000);
    }
}
