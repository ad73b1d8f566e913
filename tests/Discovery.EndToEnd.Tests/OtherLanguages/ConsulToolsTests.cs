using System.Net;
using Discovery.Testing;
using Discovery.Testing.Servers;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.EndToEnd.Tests.OtherLanguages;

/// <summary>Consul's own command-line client and its DNS, against what we write and read.</summary>
public sealed class ConsulToolsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommandLine_EachSees_WhatTheOtherRegisters()
    {
        await using var consul = await ConsulServer.StartAsync(cancellationToken: Cancel);
        await using var registry = OwnRegistry.At("Consul", consul.Address);
        var service = OwnRegistry.NewService();
        await using var lease = await registry.RegisterAsync(service, "one", "https://10.0.0.1:8443", instance => instance with { Tags = ["own"] });

        Assert.Matches($"(?m)^{service} +own$", await consul.CliAsync("catalog", "services", "-tags"));
        Assert.Contains("127.0.0.1", await consul.CliAsync("catalog", "nodes", $"-service={service}"), StringComparison.Ordinal);

        await consul.CliAsync("services", "register", $"-name={service}", "-id=cli", "-address=10.0.0.2", "-port=9090", "-tag=version=v2", "-meta=zone=b");
        await using var watch = registry.Watch(service);
        await watch.UntilAsync(set => set.Count == 2);
        var seen = watch.Instances.Single(instance => instance.Id == "cli");
        Assert.Equal((new Uri("http://10.0.0.2:9090"), "v2", "b"), (Assert.Single(seen.Endpoints), seen.Version, seen.Zone));

        await consul.CliAsync("services", "deregister", "-id=cli");
        await watch.UntilAsync(set => set is [{ Id: "one" }]);
        await consul.CliAsync("services", "deregister", "-id=one");
        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancel));
    }

    [Fact]
    public async Task Dns_AskedForAService_AnswersWithTheHealthyInstances()
    {
        await using var consul = await ConsulServer.StartAsync(cancellationToken: Cancel);
        await using var registry = OwnRegistry.At(
            "Consul", consul.Address, ("Compatibility:0", "Kratos"), ("Compatibility:1", "GoMicro"), ("Compatibility:2", "Kitex"), ("Compatibility:3", "Spring"));
        var service = OwnRegistry.NewService();
        await using var one = await registry.RegisterAsync(service, "one", "http://10.0.0.1:8080", instance => instance with { Weight = 37 });
        await using var two = await registry.RegisterAsync(service, "two", "http://10.0.0.2:8081");
        var dns = new LookupClient(new LookupClientOptions(new IPEndPoint(IPAddress.Loopback, consul.DnsPort)) { UseCache = false });
        var name = $"{service}.service.consul";

        await Eventually.IsAsync(() => AddressesAsync(dns, name), found => found.SequenceEqual(["10.0.0.1", "10.0.0.2"]), cancellationToken: Cancel);
        var answer = await dns.QueryAsync(name, QueryType.SRV, cancellationToken: Cancel);
        Assert.Equal([(8080, 37), (8081, 100)], answer.Answers.SrvRecords().OrderBy(record => record.Port).Select(record => ((int)record.Port, (int)record.Weight)));
        Assert.Equal(["10.0.0.1", "10.0.0.2"], answer.Additionals.ARecords().Select(record => record.Address.ToString()).Order(StringComparer.Ordinal));

        await OwnRegistry.BeatAsync(one, HealthStatus.Unhealthy);
        await Eventually.IsAsync(() => AddressesAsync(dns, name), found => found.SequenceEqual(["10.0.0.2"]), cancellationToken: Cancel);
        await two.RevokeAsync(Cancel);
        await Eventually.IsAsync(() => AddressesAsync(dns, name), found => found.Count == 0, cancellationToken: Cancel);
    }

    private static async Task<IReadOnlyList<string>> AddressesAsync(LookupClient dns, string name)
    {
        var answer = await dns.QueryAsync(name, QueryType.A, cancellationToken: Cancel);
        return [.. answer.Answers.OfType<ARecord>().Select(record => record.Address.ToString()).Order(StringComparer.Ordinal)];
    }
}
