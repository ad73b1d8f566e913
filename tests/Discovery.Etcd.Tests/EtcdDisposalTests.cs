using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Etcd.Tests;

public sealed class EtcdDisposalTests(SharedEtcdServer etcd)
{
    [Fact]
    public async Task DisposeAsync_OfARegistryThatIsWatched_EndsTheWatch()
    {
        await using var test = TestRegistry.For(await etcd.GetAsync());
        await using var watch = await WatchRecorder.StartedAsync(test.Registry, TestRegistry.NewName(), TestContext.Current.CancellationToken);

        await test.Registry.DisposeAsync();

        Assert.IsType<RegistryException>(await watch.FailureAsync(Eventually.DefaultBound));
    }
}
