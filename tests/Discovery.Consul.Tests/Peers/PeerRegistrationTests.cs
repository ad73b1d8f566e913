using System.Text.Json.Nodes;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Consul.Tests.Peers;

/// <summary>What other frameworks register with a real agent, and what they would find of ours there.</summary>
public sealed class PeerRegistrationTests(SharedConsulServer consul)
{
    // As each of them writes it; checks that would reach out are left away, which makes the instance healthy.
    public static TheoryData<string, ServiceInstance> Registrations => new()
    {
        {
            // kratos
            """
            {"ID":"8f0c","Name":"NAME","Tags":["version=v1"],"Meta":{"weight":"7","zone":"a"},"Address":"10.0.0.1","Port":9000,
             "TaggedAddresses":{"grpc":{"Address":"grpc://10.0.0.1:9000","Port":9000},"http":{"Address":"http://10.0.0.1:8000","Port":8000}}}
            """,
            Instance("8f0c", "grpc://10.0.0.1:9000", "http://10.0.0.1:8000") with
            {
                Version = "v1", Zone = "a", Weight = 7, Tags = ["version=v1"], Metadata = new Dictionary<string, string> { ["weight"] = "7" },
            }
        },
        {
            // go-micro
            """
            {"ID":"user-8f0c","Name":"NAME","Tags":["t-789cab562a28ca2fc94fcecf51b252ca2d4d2e50aa050046a906e2","v-789c2b33d433d033000005930164"],
             "Meta":{"protocol":"mucp","zone":"a"},"Address":"10.0.0.1","Port":9000}
            """,
            Instance("user-8f0c", "tcp://10.0.0.1:9000") with { Version = "v1.0.0", Zone = "a" }
        },
        {
            // kitex
            """{"ID":"NAME:10.0.0.1:8888","Name":"NAME","Tags":["version:v2","zone:b","canary:"],"Address":"10.0.0.1","Port":8888,"Weights":{"Passing":10,"Warning":10}}""",
            Instance("NAME:10.0.0.1:8888", "http://10.0.0.1:8888") with { Version = "v2", Zone = "b", Weight = 10, Tags = ["version:v2", "zone:b", "canary:"] }
        },
        {
            // spring
            """{"ID":"user-8080","Name":"NAME","Meta":{"secure":"true","zone":"b","group":"g","weight":"3"},"Address":"10.0.0.1","Port":8080}""",
            Instance("user-8080", "https://10.0.0.1:8080") with
            {
                Zone = "b", Weight = 3, Metadata = new Dictionary<string, string> { ["secure"] = "true", ["group"] = "g", ["weight"] = "3" },
            }
        },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Registrations), DisableDiscoveryEnumeration = true)]
    public async Task Watch_WhatAnotherFrameworkRegistered_IsTheInstance(string registration, ServiceInstance expected)
    {
        var server = await consul.GetAsync();
        var service = TestRegistry.UniqueService();
        using var http = new HttpClient { BaseAddress = server.Address };
        using var put = await http.PutAsync(new Uri("/v1/agent/service/register", UriKind.Relative), new StringContent(registration.Replace("NAME", service, StringComparison.Ordinal)), Cancel);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Cancel));
        await using var registry = TestRegistry.Create(server.Address);
        await using var watch = WatchRecorder.Start(registry, service, Cancel);
        await watch.UntilAsync(set => set.Count == 1);

        var seen = watch.Instances[0] with { Incarnation = 0 };

        Assert.Equal(expected with { ServiceName = service, Id = expected.Id.Replace("NAME", service, StringComparison.Ordinal) }, seen);
    }

    [Fact]
    public async Task Register_ForAllOfThem_IsWhatEachReads()
    {
        var server = await consul.GetAsync();
        var instance = Instance("8f0c", "grpc://10.0.0.1:9000", "http://10.0.0.1:8000") with
        {
            ServiceName = TestRegistry.UniqueService(), Version = "v1", Zone = "a", Weight = 10, Tags = ["own"], Metadata = new Dictionary<string, string> { ["team"] = "shop" },
        };
        await using var registry = TestRegistry.Create(server.Address, options =>
        {
            foreach (var peer in (string[])["Kratos", "GoMicro", "Kitex", "Spring"])
            {
                options.Compatibility.Add(peer);
            }
        });
        await using var lease = await registry.RegisterAsync(instance, TestRegistry.Ttl, Cancel);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(instance.Health, null, Cancel));
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(instance.Health, null, Cancel));

        using var http = new HttpClient { BaseAddress = server.Address };
        var entry = JsonNode.Parse(await http.GetStringAsync(new Uri($"/v1/health/service/{instance.ServiceName}?passing", UriKind.Relative), Cancel))![0]!["Service"]!;
        Assert.Equal("grpc://10.0.0.1:9000", (string?)entry["TaggedAddresses"]!["grpc"]!["Address"]);
        Assert.Equal("http://10.0.0.1:8000", (string?)entry["TaggedAddresses"]!["http"]!["Address"]);
        Assert.Equal(("10.0.0.1", 9000, 10), ((string?)entry["Address"], (int)entry["Port"]!, (int)entry["Weights"]!["Passing"]!));
        Assert.Equal(("false", "a", "10"), ((string?)entry["Meta"]!["secure"], (string?)entry["Meta"]!["zone"], (string?)entry["Meta"]!["weight"]));
        Assert.Equal(["version=v1", "version:v1", "zone:a", "team:shop", "own"], entry["Tags"]!.AsArray().Select(tag => (string)tag!).SkipWhile(tag => tag is ['t' or 'v', '-', ..]));

        await using var plain = TestRegistry.Create(server.Address);
        await using var watch = WatchRecorder.Start(plain, instance.ServiceName, Cancel);
        await watch.UntilAsync(set => set.Count == 1);
        Assert.Equal(instance, watch.Instances[0] with { Incarnation = 0 });
    }

    private static ServiceInstance Instance(string id, params string[] endpoints) => TestRegistry.Instance("user", id, endpoints);
}
