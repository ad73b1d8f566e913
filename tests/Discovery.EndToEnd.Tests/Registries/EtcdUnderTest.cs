using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.Registries;

internal sealed class EtcdUnderTest(EtcdServer server) : RegistryUnderTest
{
    public EtcdServer Server => server;

    public override IReadOnlyList<Uri> Addresses => [server.Endpoint];

    public override IReadOnlyDictionary<string, string?> EnvironmentAt(params IReadOnlyList<Uri> addresses) => EtcdKeys.EnvironmentAt(addresses);

    public override Task<IReadOnlyDictionary<string, string>> ListAsync(string service) => EtcdKeys.ListAsync(server, service);

    public override Task RemoveAsync(string service, string id) => server.EtcdctlAsync("del", $"/services/{service}/{id}");

    public override Task KillAsync() => server.KillAsync();

    public override Task StartAgainAsync(bool wipe) => server.StartAgainAsync(wipe, TestContext.Current.CancellationToken);

    public override void Suspend() => server.Suspend();

    public override void Resume() => server.Resume();

    public override Task BackUpAsync() => server.BackUpAsync(TestContext.Current.CancellationToken);

    public override Task RestoreAsync() => server.RestoreAsync(TestContext.Current.CancellationToken);

    public override Task<long> GetPositionAsync() => EtcdKeys.RevisionAsync(server);

    public override Task WriteAsync(int count) => EtcdKeys.WriteAsync(server, count);

    public override ValueTask DisposeAsync() => server.DisposeAsync();
}
