using System.Text;
using Discovery.Etcd.Layouts;
using Google.Protobuf;
using Mvccpb;

namespace Discovery.Etcd.Tests.Layouts;

/// <summary>The keys and values of other frameworks, byte by byte as those write and read them.</summary>
public sealed class LayoutTests
{
    private const long LeaseId = 7587870460981677828;

    public static TheoryData<string, string, string, ServiceInstance> Written => new()
    {
        {
            "Kratos", "/microservices/user/8f0c",
            """{"id":"8f0c","name":"user","version":"v1","metadata":{"weight":"100"},"endpoints":["grpc://10.0.0.1:9000","http://10.0.0.1:8000"]}""",
            Instance("8f0c", "grpc://10.0.0.1:9000", "http://10.0.0.1:8000") with { Version = "v1" }
        },
        {
            "GoMicro", "/micro/registry/user/user-8f0c",
            """{"name":"user","version":"latest","metadata":null,"endpoints":[],"nodes":[{"metadata":{"protocol":"grpc","transport":"grpc","server":"grpc","broker":"http","registry":"etcd"},"id":"user-8f0c","address":"10.0.0.1:9000"}]}""",
            Instance("user-8f0c", "grpc://10.0.0.1:9000")
        },
        { "GoZero", "user.rpc/7587870460981677828", "10.0.0.1:8080", Instance("7587870460981677828", "grpc://10.0.0.1:8080") with { ServiceName = "user.rpc" } },
        {
            "Kitex", "kitex/registry-etcd/user/10.0.0.1:8888",
            """{"network":"tcp","address":"10.0.0.1:8888","weight":10,"tags":null}""", Instance("10.0.0.1:8888", "tcp://10.0.0.1:8888")
        },
        {
            "Kitex", "kitex/registry-etcd/user/fd00::1:8888",
            """{"network":"tcp","address":"fd00::1:8888","weight":10,"tags":null}""", Instance("fd00::1:8888", "tcp://[fd00::1]:8888")
        },
        {
            "Hertz", "hertz/registry-etcd/user/10.0.0.1:8888",
            """{"network":"tcp","address":"10.0.0.1:8888","weight":10,"tags":null}""", Instance("10.0.0.1:8888", "http://10.0.0.1:8888")
        },
        {
            "Hertz", "hertz/registry-etcd/user/[fd00::1]:8888",
            """{"network":"tcp","address":"[fd00::1]:8888","weight":10,"tags":null}""", Instance("[fd00::1]:8888", "http://[fd00::1]:8888")
        },
        { "GrpcNaming", "user/8f0c", """{"Op":0,"Addr":"10.0.0.1:9000","Metadata":null}""", Instance("8f0c", "grpc://10.0.0.1:9000") },
    };

    /// <summary>What others write that we do not.</summary>
    public static TheoryData<string, string, string, ServiceInstance> Read => new()
    {
        {
            "Kratos", "/microservices/user/a/b", """{"id":"a/b","name":"user","version":"","metadata":null,"endpoints":["grpc://10.0.0.1:9000?isSecure=false","nonsense"]}""",
            Instance("a/b", "grpc://10.0.0.1:9000?isSecure=false")
        },
        {
            "GoMicro", "/micro/registry/user/a-b",
            """
            {"name":"user","version":"v1","metadata":{"a":"b"},
             "endpoints":[{"name":"User.Get","request":{"name":"R","type":"R","values":[{"name":"a","type":"b","values":[{"name":"a","type":"b","values":[{"name":"a","type":"b","values":[]}]}]}]},"response":null,"metadata":{}}],
             "nodes":[{"id":"x","address":"10.0.0.2:1"},{"metadata":{"protocol":"mucp","zone":"a","weight":"7","team":"t"},"id":"a/b","address":"10.0.0.1:9000"}]}
            """,
            Instance("a-b", "tcp://10.0.0.1:9000") with { Version = "v1", Zone = "a", Weight = 7, Metadata = new Dictionary<string, string> { ["team"] = "t" } }
        },
        { "GoZero", "user/12", "[fd00::1]:8080\n", Instance("12", "grpc://[fd00::1]:8080") },
        {
            "Kitex", "kitex/registry-etcd/user/[fd00::1]:8888", """{"network":"tcp","address":"[fd00::1]:8888","weight":0,"tags":{"k":"v","zone":"a","version":"v1"}}""",
            Instance("[fd00::1]:8888", "tcp://[fd00::1]:8888") with { Version = "v1", Zone = "a", Metadata = new Dictionary<string, string> { ["k"] = "v" } }
        },
        { "Hertz", "hertz/registry-etcd/user/h:1", """{"address":"h:1","weight":3}""", Instance("h:1", "http://h:1") with { Weight = 30 } },
        {
            "GrpcNaming", "user/deep/er", """{"Op":1,"Addr":"10.0.0.1:9000","Metadata":{"zone":"a","weight":7,"list":[1],"k":"v"}}""",
            Instance("deep/er", "grpc://10.0.0.1:9000") with { Zone = "a", Weight = 7, Metadata = new Dictionary<string, string> { ["k"] = "v" } }
        },
        { "GrpcNaming", "user/s", """{"Addr":"10.0.0.1:9000","Metadata":"text"}""", Instance("s", "grpc://10.0.0.1:9000") },
    };

    [Theory]
    [MemberData(nameof(Written), DisableDiscoveryEnumeration = true)]
    public void Encode_AnInstance_WritesWhatTheFrameworkDoes(string layout, string key, string value, ServiceInstance instance)
    {
        var keyspace = Keyspaces.Of(EtcdLayouts.Get(layout), prefix: null);

        Assert.Equal(key, keyspace.Key(instance, LeaseId));
        Assert.Equal(value, Encoding.UTF8.GetString(keyspace.Layout.Encode(instance)));
    }

    [Theory]
    [MemberData(nameof(Written), DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Read), DisableDiscoveryEnumeration = true)]
    public void TryDecode_WhatTheFrameworkWrites_IsTheInstance(string layout, string key, string value, ServiceInstance expected)
    {
        var keyspace = Keyspaces.Of(EtcdLayouts.Get(layout), prefix: null);
        var service = keyspace.ServiceOf(key)!;
        var entry = new KeyValue { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value), CreateRevision = 8 };

        Assert.True(keyspace.Layout.TryDecode(service, keyspace.IdOf(service, key)!, entry, out var instance, out var reason), reason);

        Assert.Equal(expected with { Incarnation = 8 }, instance);
        Assert.Equal(key, keyspace.KeyOf(service, instance.Id));
    }

    [Theory]
    [InlineData("Kratos", """{"id":"a","name":"user-admin","version":"","metadata":null,"endpoints":["grpc://10.0.0.1:9000"]}""")]
    [InlineData("Kratos", """{"id":"a","version":"","metadata":null,"endpoints":["grpc://10.0.0.1:9000"]}""")]
    [InlineData("Kratos", """{"name":"user","endpoints":["10.0.0.1:9000"]}""")]
    [InlineData("Kratos", """{"name":"user"}""")]
    [InlineData("GoMicro", """{"name":"user","nodes":[]}""")]
    [InlineData("GoMicro", """{"name":"user","nodes":[null]}""")]
    [InlineData("GoMicro", """{"name":"user","nodes":[{"id":"a","address":"10.0.0.1"}]}""")]
    [InlineData("GoZero", "")]
    [InlineData("GoZero", "10.0.0.1")]
    [InlineData("GoZero", "10.0.0.1:0")]
    [InlineData("GoZero", "10.0.0.1:65536")]
    [InlineData("GoZero", "file:///etc/passwd")]
    [InlineData("GoZero", """{"Op":0,"Addr":"10.0.0.1:9000"}""")]
    [InlineData("Kitex", """{"network":"unix","address":"/run/a.sock:1","weight":10,"tags":null}""")]
    [InlineData("Kitex", """{"network":"tcp","address":"user:secret@10.0.0.1:80","weight":10,"tags":null}""")]
    [InlineData("Hertz", """{"network":"tcp","address":"[10.0.0.1:80","weight":10,"tags":null}""")]
    [InlineData("GrpcNaming", """{"Op":0}""")]
    [InlineData("GrpcNaming", """{"Op":0,"Addr":"dns:///a"}""")]
    public void TryDecode_WhatNobodyCouldCall_SaysWhy(string layout, string value)
    {
        Assert.False(EtcdLayouts.Get(layout).TryDecode("user", "a", new KeyValue { Value = ByteString.CopyFromUtf8(value) }, out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Theory]
    [InlineData("Kratos", "/microservices/user", "/microservices/user-admin/8f0c")]
    [InlineData("Kratos", "/microservices/user", "/microservices/user/")]
    [InlineData("GoZero", "user", "user/8f0c")]
    [InlineData("GoZero", "user", "user/1/2")]
    [InlineData("GoMicro", "/micro/registry/user", "/micro/registry/user/a/b")]
    [InlineData("Kitex", "kitex/registry-etcd/user", "/kitex/registry-etcd/user/10.0.0.1:1")]
    public void IdOf_AKeyThatIsNoInstanceOfTheService_IsNull(string layout, string service, string key) =>
        Assert.Null(Keyspaces.Of(EtcdLayouts.Get(layout), prefix: null).IdOf(service[(service.LastIndexOf('/') + 1)..], key));

    [Theory]
    [InlineData(100, "\"weight\":10,\"tags\":null")]
    [InlineData(1000, "\"weight\":100,\"tags\":null")]
    [InlineData(37, "\"weight\":4,\"tags\":{\"weight\":\"37\"}")]
    [InlineData(0, "\"weight\":1,\"tags\":{\"weight\":\"0\"}")]
    public void Encode_AWeightForKitex_IsATenthSoThatItsDefaultIsOurs(int weight, string expected) =>
        Assert.Contains(expected, Encoding.UTF8.GetString(CloudWeGoLayout.Kitex.Encode(Instance("a", "tcp://h:1") with { Weight = weight })), StringComparison.Ordinal);

    [Fact]
    public void Choose_ForALayoutWithOneAddress_IsTheFirstThatItsClientsCanCall()
    {
        var instance = Instance("a", "https://h:1", "tcp://h:2", "grpc://h:3", "http://h:4");

        Assert.Equal("h:3", Encoding.UTF8.GetString(EtcdLayouts.Get("GoZero").Encode(instance)));
        Assert.Contains("\"h:3\"", Encoding.UTF8.GetString(EtcdLayouts.Get("GrpcNaming").Encode(instance)), StringComparison.Ordinal);
        Assert.Equal("h:1", EtcdLayouts.Get("Hertz").Member(instance, 1));
        Assert.Equal("h:1", EtcdLayouts.Get("Kitex").Member(instance, 1));
    }

    [Fact]
    public void Encode_AnIdWithASlashForGoMicro_WritesADashIntoTheKeyAlone()
    {
        var layout = EtcdLayouts.Get("GoMicro");
        var instance = Instance("a/b", "grpc://h:1");

        Assert.Equal("a-b", layout.Member(instance, 1));
        Assert.Contains("\"id\":\"a/b\"", Encoding.UTF8.GetString(layout.Encode(instance)), StringComparison.Ordinal);
    }

    private static ServiceInstance Instance(string id, params string[] endpoints) =>
        new() { ServiceName = "user", Id = id, Endpoints = [.. endpoints.Select(endpoint => new Uri(endpoint))] };
}
