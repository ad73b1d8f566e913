using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd.Tests;

public sealed class EtcdServiceRegistryTests(SharedEtcdServer etcd)
{
    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task RegisterAsync_OfAnInstance_WritesExactlyTheAgreedKeyAndValue(EtcdVersion version)
    {
        var server = await etcd.GetAsync(version);
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        var instance = new ServiceInstance
        {
            ServiceName = service,
            Id = "orders-host-8080",
            Endpoints = [new("http://10.0.0.1:8080"), new("https://10.0.0.1:8443/base")],
            Version = "1.2.3",
            Zone = "eu-1",
            Weight = 50,
            Tags = ["blue"],
            Metadata = new Dictionary<string, string> { ["team"] = "x" },
            Health = HealthStatus.Degraded,
        };

        await using var lease = await test.Registry.RegisterAsync(instance, TestRegistry.Ttl, TestContext.Current.CancellationToken);

        var expected = $$"""{"id":"orders-host-8080","name":"{{service}}","version":"1.2.3","endpoints":["http://10.0.0.1:8080","https://10.0.0.1:8443/base"],"zone":"eu-1","weight":50,"tags":["blue"],"metadata":{"team":"x"},"health":"degraded"}""";
        Assert.Equal($"/services/{service}/orders-host-8080\n{expected}", (await server.EtcdctlAsync("get", "--prefix", $"/services/{service}/")).TrimEnd());
    }

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task WatchAsync_WhileInstancesComeAndGo_SeesThem(EtcdVersion version)
    {
        var server = await etcd.GetAsync(version);
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var watched = test.Watch(service);
        await watched.ListedAsync();

        await using var one = await test.RegisterAsync(service, "one");
        await using var two = await test.RegisterAsync(service, "two");
        await watched.HoldsAsync("one", "two");
        await one.RevokeAsync(TestContext.Current.CancellationToken);
        await watched.HoldsAsync("two");

        Assert.Contains(watched.Changes, change => change.RemovedIds.Contains("one"));
        Assert.Empty(watched.Losses);
    }

    [Fact]
    public async Task WatchAsync_OfAServiceWhoseNameIsAPrefixOfAnothers_SeesItsOwnOnly()
    {
        await using var test = TestRegistry.For(await etcd.GetAsync());
        var service = TestRegistry.NewName();
        await using var watched = test.Watch(service);
        await watched.ListedAsync();

        await using var other = await test.RegisterAsync($"{service}2", "other");
        await using var own = await test.RegisterAsync(service, "own");
        await watched.HoldsAsync("own");

        Assert.DoesNotContain(watched.Changes, change => change.Upserts.Any(instance => instance.Id == "other"));
    }

    [Fact]
    public async Task RegisterAsync_OfAHeldId_ReplacesItWithoutAGapAndSupersedesTheOther()
    {
        var server = await etcd.GetAsync();
        await using var first = TestRegistry.For(server);
        await using var second = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var before = await first.RegisterAsync(service);
        await using var watched = second.Watch(service);
        await watched.HoldsAsync("one");
        var incarnation = watched.Instances["one"].Incarnation;

        await using var after = await second.Registry.RegisterAsync(TestRegistry.Instance(service, "one", 9090), TestRegistry.Ttl, TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => watched.Instances.TryGetValue("one", out var seen) && seen.Endpoints[0].Port == 9090, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(watched.Changes, change => Assert.Empty(change.RemovedIds));
        Assert.Equal(incarnation, watched.Instances["one"].Incarnation);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(after));
        await TestRegistry.BecomesAsync(before, LeaseStatus.Superseded);
        await before.RevokeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(after, HealthStatus.Degraded));
    }

    [Fact]
    public async Task RegisterAsync_OfAHeldIdInTheSameProcess_SupersedesTheOtherUnderTheSameLease()
    {
        await using var test = TestRegistry.For(await etcd.GetAsync());
        var service = TestRegistry.NewName();
        await using var before = await test.RegisterAsync(service);
        await using var after = await test.RegisterAsync(service);

        Assert.Equal(LeaseStatus.Superseded, await TestRegistry.KeepAliveAsync(before));
        await before.RevokeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(after, HealthStatus.Degraded));
    }

    [Fact]
    public async Task DeregisterAsync_OfWhatAnotherProcessRegistered_RemovesIt()
    {
        var server = await etcd.GetAsync();
        await using var owner = TestRegistry.For(server);
        await using var other = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var lease = await owner.RegisterAsync(service);

        await other.Registry.DeregisterAsync(service, "one", TestContext.Current.CancellationToken);
        await other.Registry.DeregisterAsync(service, "one", TestContext.Current.CancellationToken);

        Assert.Equal("", await server.EtcdctlAsync("get", "--prefix", $"/services/{service}/"));
        await TestRegistry.BecomesAsync(lease, LeaseStatus.Forgotten);
    }

    [Fact]
    public async Task GetServicesAsync_OfServicesAndOtherKeys_NamesTheServicesInOrder()
    {
        var server = await etcd.GetAsync();
        var prefix = $"/{TestRegistry.NewName("prefix")}";
        await using var test = TestRegistry.For(server, ("KeyPrefix", prefix));
        await using var b = await test.RegisterAsync("b");
        await using var a = await test.RegisterAsync("a", "1");
        await using var a2 = await test.RegisterAsync("a", "2");
        await server.EtcdctlAsync("put", $"{prefix}/UPPER/x", "not ours");
        await server.EtcdctlAsync("put", $"{prefix}/nested/x/y", "not ours");
        await server.EtcdctlAsync("put", $"{prefix}/none", "not ours");

        Assert.Equal(["a", "b"], await test.Registry.GetServicesAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WatchAsync_OfValuesThatDoNotDecode_SkipsThemAndLogsEachOnce()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await server.EtcdctlAsync("put", $"/services/{service}/garbage", "{");
        await using var watched = test.Watch(service);
        await watched.ListedAsync();
        await server.EtcdctlAsync("put", $"/services/{service}/garbage", "[]");
        await server.EtcdctlAsync("put", $"/services/{service}/a b", "{}");
        await using var good = await test.RegisterAsync(service, "good");

        await watched.HoldsAsync("good");

        Assert.Equal(2, test.Logs.Of(3301).Count);
        Assert.Empty(watched.Losses);
    }

    [Fact]
    public async Task RegisterAsync_OfANameThatIsNone_IsInvalid()
    {
        await using var test = TestRegistry.For(new Uri("http://127.0.0.1:1"));

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("a/b"));

        Assert.Equal(RegistryErrorKind.Invalid, e.Kind);
    }

    [Fact]
    public async Task EveryCall_WithNobodyThere_IsUnavailableAndNamesTheEndpoint()
    {
        using var port = FreePort.Take();
        await using var test = TestRegistry.For(new Uri($"http://127.0.0.1:{port.Number}"));
        var cancellationToken = TestContext.Current.CancellationToken;

        foreach (var call in new Func<Task>[]
        {
            () => test.RegisterAsync("orders"),
            () => test.Registry.DeregisterAsync("orders", "one", cancellationToken),
            () => test.Registry.GetServicesAsync(cancellationToken),
            async () => await test.Registry.WatchAsync("orders", cancellationToken).GetAsyncEnumerator(cancellationToken).MoveNextAsync(),
        })
        {
            var e = await Assert.ThrowsAsync<RegistryException>(call);
            Assert.Equal(RegistryErrorKind.Unavailable, e.Kind);
            Assert.Contains($"http://127.0.0.1:{port.Number}", e.Message, StringComparison.Ordinal);
        }
    }
}
