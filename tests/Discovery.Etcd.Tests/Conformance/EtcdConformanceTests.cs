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

/// <summary>The same with further layouts beside: nothing about a registration may change by them.</summary>
public sealed class EtcdManyLayoutsConformanceTests(SharedEtcdServer etcd) : RegistryConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.For(
        await etcd.GetAsync(EtcdVersion.V35), ("AlsoWrite:0", "Kratos"), ("AlsoWrite:1", "GoMicro"), ("AlsoWrite:2", "GrpcNaming"), ("KeyPrefix", "/conformance")).Registry;
}

public sealed class Etcd34UndecodableConformanceTests(SharedEtcdServer etcd) : RegistryUndecodableConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.For(await etcd.GetAsync(EtcdVersion.V34)).Registry;

    protected override async Task WriteUndecodableAsync(string serviceName, string id) =>
        await (await etcd.GetAsync(EtcdVersion.V34)).EtcdctlAsync("put", $"/services/{serviceName}/{id}", "{\"endpoints\":");
}

[Collection(Timing.Name)]
public sealed class Etcd34ExpiryConformanceTests(SharedEtcdServer etcd) : RegistryExpiryConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.For(await etcd.GetAsync(EtcdVersion.V34)).Registry;
}

public sealed class Etcd35UndecodableConformanceTests(SharedEtcdServer etcd) : RegistryUndecodableConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.For(await etcd.GetAsync(EtcdVersion.V35)).Registry;

    protected override async Task WriteUndecodableAsync(string serviceName, string id) =>
        await (await etcd.GetAsync(EtcdVersion.V35)).EtcdctlAsync("put", $"/services/{serviceName}/{id}", "{\"endpoints\":");
}

[Collection(Timing.Name)]
public sealed class Etcd35ExpiryConformanceTests(SharedEtcdServer etcd) : RegistryExpiryConformance
{
    protected override async ValueTask<IServiceRegistry> CreateRegistryAsync() => TestRegistry.For(await etcd.GetAsync(EtcdVersion.V35)).Registry;
}
