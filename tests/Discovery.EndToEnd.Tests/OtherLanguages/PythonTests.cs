using System.Globalization;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.EndToEnd.Tests.OtherLanguages;

/// <summary>Python's clients of Consul and etcd, against what we write and read.</summary>
public sealed class PythonTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consul_EachSees_WhatTheOtherRegisters()
    {
        await using var consul = await ConsulServer.StartAsync(cancellationToken: Cancel);
        await using var registry = OwnRegistry.At("Consul", consul.Address, ("Compatibility:0", "Kratos"));
        var (port, service) = (Text(consul.Address.Port), OwnRegistry.NewService());
        await using var lease = await registry.RegisterAsync(service, "one", "http://10.0.0.1:8080", instance => instance with { Version = "v1", Tags = ["own"] });

        Assert.Equal(["one 10.0.0.1 8080 version=v1,own"], await PythonProgram.RunAsync(LanguagePrograms.WithConsul, port, "list", service));
        await OwnRegistry.BeatAsync(lease, HealthStatus.Unhealthy);
        Assert.Empty(await PythonProgram.RunAsync(LanguagePrograms.WithConsul, port, "list", service));

        await PythonProgram.RunAsync(LanguagePrograms.WithConsul, port, "register", service, "py", "10.0.0.2", "9090");
        await using var watch = registry.Watch(service);
        await watch.UntilAsync(set => set.Any(instance => instance is { Id: "py", Health: HealthStatus.Healthy }));
        var seen = watch.Instances.Single(instance => instance.Id == "py");
        Assert.Equal((new Uri("http://10.0.0.2:9090"), "python"), (Assert.Single(seen.Endpoints), Assert.Single(seen.Tags)));
        await PythonProgram.RunAsync(LanguagePrograms.WithConsul, port, "deregister", service, "py");
        await watch.UntilAsync(set => set is [{ Id: "one" }]);
    }

    [Fact]
    public async Task Etcd_EachSees_WhatTheOtherRegisters()
    {
        await using var etcd = await EtcdServer.StartAsync(cancellationToken: Cancel);
        await using var registry = OwnRegistry.At("Etcd", etcd.Endpoint, ("Layout", "Hertz"), ("AlsoWrite:0", "GoZero"));
        var (port, service) = (Text(etcd.Endpoint.Port), OwnRegistry.NewService());
        await using var lease = await registry.RegisterAsync(service, "one", "http://10.0.0.1:8080");

        Assert.Equal(
            [$$"""hertz/registry-etcd/{{service}}/10.0.0.1:8080 {"network":"tcp","address":"10.0.0.1:8080","weight":10,"tags":null}"""],
            await PythonProgram.RunAsync(LanguagePrograms.WithEtcd, port, "list", $"hertz/registry-etcd/{service}/"));
        Assert.Matches($"^{service}/[0-9]+ 10\\.0\\.0\\.1:8080$", Assert.Single(await PythonProgram.RunAsync(LanguagePrograms.WithEtcd, port, "list", $"{service}/")));

        await using var watch = registry.Watch(service);
        var granted = Assert.Single(await PythonProgram.RunAsync(
            LanguagePrograms.WithEtcd, port, "put", $"hertz/registry-etcd/{service}/10.0.0.2:9090", """{"network":"tcp","address":"10.0.0.2:9090","weight":20,"tags":{"zone":"b"}}"""));
        await watch.UntilAsync(set => set.Count == 2);
        var seen = watch.Instances.Single(instance => instance.Id == "10.0.0.2:9090");
        Assert.Equal((new Uri("http://10.0.0.2:9090"), 200, "b"), (Assert.Single(seen.Endpoints), seen.Weight, seen.Zone));
        await PythonProgram.RunAsync(LanguagePrograms.WithEtcd, port, "revoke", granted);
        await watch.UntilAsync(set => set is [{ Id: "10.0.0.1:8080" }]);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
