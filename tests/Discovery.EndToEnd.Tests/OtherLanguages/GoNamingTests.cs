using System.Text.RegularExpressions;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.EndToEnd.Tests.OtherLanguages;

/// <summary>etcd's own naming package in Go, by which gRPC programs find each other, against what we write and read.</summary>
public sealed class GoNamingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_AlsoWrittenForIt_AreListedResolvedAndWatched()
    {
        await GoProgram.CompileAsync(LanguagePrograms.Naming);
        await using var etcd = await EtcdServer.StartAsync(cancellationToken: Cancel);
        await using var registry = OwnRegistry.At("Etcd", etcd.Endpoint, ("AlsoWrite:0", "GrpcNaming"));
        var service = OwnRegistry.NewService();
        var lease = await registry.RegisterAsync(service, "one", "grpc://10.0.0.1:9000");
        await using var resolver = await StartAsync(etcd, "resolve", service);
        await using var watcher = await StartAsync(etcd, "watch", service);
        await using var lister = await GoProgram.StartAsync(LanguagePrograms.Naming, AddressOf(etcd), "list", service);

        Assert.Equal(0, await lister.WaitForExitAsync());
        await lister.WaitForLineAsync($"^listed {service}/one 10\\.0\\.0\\.1:9000 <nil>$");
        await resolver.WaitForLineAsync(Resolved("10.0.0.1:9000"));
        await watcher.WaitForLineAsync($"^added {service}/one 10\\.0\\.0\\.1:9000$");

        await using var second = await registry.RegisterAsync(service, "two", "grpc://[fd00::1]:9000");
        await resolver.WaitForLineAsync(Resolved("10.0.0.1:9000,[fd00::1]:9000"));

        await OwnRegistry.BeatAsync(lease, HealthStatus.Unhealthy);
        await watcher.WaitForLineAsync($"^deleted {service}/one$");
        await resolver.WaitForLineAsync(Resolved("[fd00::1]:9000"));

        await OwnRegistry.BeatAsync(lease, HealthStatus.Healthy);
        await lease.RevokeAsync(Cancel);
        await second.RevokeAsync(Cancel);
        await watcher.WaitForLineAsync($"^deleted {service}/two$");
        Assert.Equal(0, await watcher.StopAsync());
        Assert.Equal(0, await resolver.StopAsync());
    }

    [Fact]
    public async Task Instances_RegisteredByIt_AreSeenUntilTheyLeaveOrDie()
    {
        await GoProgram.CompileAsync(LanguagePrograms.Naming);
        await using var etcd = await EtcdServer.StartAsync(cancellationToken: Cancel);
        await using var registry = OwnRegistry.At("Etcd", etcd.Endpoint, ("Layout", "GrpcNaming"));
        var service = OwnRegistry.NewService();
        await using var watch = registry.Watch(service);
        await using var leaving = await StartAsync(etcd, "register", service, $"{service}/10.0.0.1:9000", "10.0.0.1:9000");
        await using var dying = await StartAsync(etcd, "register", service, $"{service}/node/2", "[fd00::1]:9000");

        await watch.UntilAsync(set => set.Count == 2);
        Assert.Equal(
            [("10.0.0.1:9000", new Uri("grpc://10.0.0.1:9000")), ("node/2", new Uri("grpc://[fd00::1]:9000"))],
            watch.Instances.OrderBy(instance => instance.Id, StringComparer.Ordinal).Select(instance => (instance.Id, Assert.Single(instance.Endpoints))));

        Assert.Equal(0, await leaving.StopAsync());
        await watch.UntilAsync(set => set is [{ Id: "node/2" }]);
        await dying.KillAsync();
        await watch.UntilAsync(set => set.Count == 0); // when its lease of 5 s is over
    }

    private static async Task<GoProgram> StartAsync(EtcdServer etcd, params IEnumerable<string> arguments)
    {
        var program = await GoProgram.StartAsync(LanguagePrograms.Naming, [AddressOf(etcd), .. arguments]);
        await program.WaitForLineAsync("^ready$");
        return program;
    }

    private static string AddressOf(EtcdServer etcd) => etcd.Endpoint.Authority;

    private static string Resolved(string addresses) => $"^resolved \\[{Regex.Escape(addresses)}]$";
}
