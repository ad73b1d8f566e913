using Discovery.Testing.Conformance;
using Discovery.Testing.Servers;

namespace Discovery.Etcd.Tests.Conformance;

public sealed class Etcd34ConformanceTests(SharedEtcdServer etcd) : RegistryConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() =>
        TestRegistry.For(await etcd.GetAsync(EtcdVersion.V34)).Registry;
}

public sealed class Etcd35ConformanceTests(SharedEtcdServer etcd) : RegistryConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() =>
        TestRegistry.For(await etcd.GetAsync(EtcdVersion.V35)).Registry;
}

public sealed class EtcdUndecodableConformanceTests(SharedEtcdServer etcd) : RegistryUndecodableConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.For(await etcd.GetAsync()).Registry;

    protected override async Task WriteUndecodableAsync(string serviceName, string id) =>
        await (await etcd.GetAsync()).EtcdctlAsync("put", $"/services/{serviceName}/{id}", "{\"endpoints\":");
}

[Collection(Timing.Name)]
public sealed class EtcdExpiryConformanceTests(SharedEtcdServer etcd) : RegistryExpiryConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.For(await etcd.GetAsync()).Registry;
}
