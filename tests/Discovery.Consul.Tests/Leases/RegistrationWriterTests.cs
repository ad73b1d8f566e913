using Discovery.Consul.Leases;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Tests.Leases;

public sealed class RegistrationWriterTests
{
    private readonly RegistrationWriter _writer = new(new ConsulOptions());

    public static TheoryData<string, ServiceInstance> Refused => new()
    {
        { "is not a service name", Plain with { ServiceName = "no/name" } },
        { "is not an instance ID", Plain with { Id = "a/b" } },
        { "no endpoint", Plain with { Endpoints = [] } },
        { "scheme, host and port", Plain with { Endpoints = [new Uri("custom://host")] } },
        { "scheme, host and port", Plain with { Endpoints = [new Uri("/relative", UriKind.Relative)] } },
        { "scheme, host and port", Plain with { Endpoints = [new Uri("lan://host:80")] } },
        { "has a path", Plain with { Endpoints = [new Uri("http://host/path")] } },
        { "has a path", Plain with { Endpoints = [new Uri("http://user:canary@host/")] } },
        { "not one that Consul takes", Meta("a.b", "1") },
        { "not one that Consul takes", Meta("ä", "1") },
        { "not one that Consul takes", Meta("", "1") },
        { "not one that Consul takes", Meta("consul-x", "1") },
        { "not one that Consul takes", Meta(new string('k', 129), "1") },
        { "514 bytes", Meta("k", new string('é', 257)) },
        { "is taken", Meta("version", "1") },
        { "33 endpoints", Plain with { Endpoints = [.. Enumerable.Range(1, 33).Select(port => new Uri($"http://10.0.0.1:{port}"))] } },
        { "257 tags", Plain with { Tags = [.. Enumerable.Repeat("t", 257)] } },
        { "65 metadata pairs", Plain with { Version = "1", Metadata = Enumerable.Range(0, 64).ToDictionary(i => $"k{i}", _ => "v") } },
    };

    private static ServiceInstance Plain => TestRegistry.Instance("orders");

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Write_WhatConsulWouldRefuseOrLose_IsInvalid(string reason, ServiceInstance instance)
    {
        var refused = Assert.Throws<RegistryException>(() => _writer.Write(instance, TestRegistry.Ttl));

        Assert.Equal(RegistryErrorKind.Invalid, refused.Kind);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "https://a:1", "http://a:2", "http://b:2")] // the others are in the order of their tags
    [InlineData("https,http,grpc", "https://a:1", "http://a:2", "grpc://a:3")]
    [InlineData("http,https,http-2", "http://a:1", "https://a:2", "http://a:3")]
    public void Write_Endpoints_SaysTheirOrderWhereItWouldBeLost(string? order, params string[] endpoints)
    {
        var registration = _writer.Write(TestRegistry.Instance("orders", null, endpoints), TestRegistry.Ttl);

        Assert.Equal(order, registration.Meta.GetValueOrDefault(MetaKeys.EndpointOrder));
    }

    [Fact]
    public void Write_Ttl_IsWhatConsulReads()
    {
        var check = _writer.Write(Plain, TimeSpan.FromSeconds(15)).Check;

        Assert.Equal("15000ms", check.TTL);
        Assert.Equal("60000ms", check.DeregisterCriticalServiceAfter);
        Assert.Null(new RegistrationWriter(new ConsulOptions { DeregisterCriticalServiceAfter = TimeSpan.Zero })
            .Write(Plain, TestRegistry.Ttl).Check.DeregisterCriticalServiceAfter);
    }

    private static ServiceInstance Meta(string key, string value) => Plain with { Metadata = new Dictionary<string, string> { [key] = value } };
}
