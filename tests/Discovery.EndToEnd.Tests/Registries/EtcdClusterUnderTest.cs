using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Registries;

/// <summary>Three members of one etcd, that come and go together unless a test goes for one of them.</summary>
internal sealed class EtcdClusterUnderTest(EtcdCluster cluster) : RegistryUnderTest
{
    public EtcdCluster Cluster => cluster;

    public override IReadOnlyList<Uri> Addresses => cluster.Endpoints;

    private EtcdServer Anyone => cluster.Members.First(member => member.IsRunning);

    public override IReadOnlyDictionary<string, string?> EnvironmentAt(params IReadOnlyList<Uri> addresses) => EtcdKeys.EnvironmentAt(addresses);

    public override Task<IReadOnlyDictionary<string, string>> ListAsync(string service) => EtcdKeys.ListAsync(Anyone, service);

    public override Task RemoveAsync(string service, string id) => Anyone.EtcdctlAsync("del", $"/services/{service}/{id}");

    public override Task KillAsync() => Task.WhenAll(cluster.Members.Select(member => member.KillAsync()));

    public override Task StartAgainAsync(bool wipe) =>
        Task.WhenAll(cluster.Members.Select(member => member.StartAgainAsync(wipe, TestContext.Current.CancellationToken)));

    public override void Suspend()
    {
        foreach (var member in cluster.Members)
        {
            member.Suspend();
        }
    }

    public override void Resume()
    {
        foreach (var member in cluster.Members)
        {
            member.Resume();
        }
    }

    public override Task<long> GetPositionAsync() => EtcdKeys.RevisionAsync(Anyone);

    public override Task WriteAsync(int count) => EtcdKeys.WriteAsync(Anyone, count);

    public override ValueTask DisposeAsync() => cluster.DisposeAsync();
}
