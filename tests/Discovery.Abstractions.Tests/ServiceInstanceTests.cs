using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Tests;

public sealed class ServiceInstanceTests
{
    public static TheoryData<string, Func<ServiceInstance, ServiceInstance>> Changes => new()
    {
        { "name", i => i with { ServiceName = "payments" } },
        { "id", i => i with { Id = "orders-2" } },
        { "id's case", i => i with { Id = "ORDERS-1" } },
        { "endpoint", i => i with { Endpoints = [new Uri("http://10.0.0.1:8080"), new Uri("https://10.0.0.1:8444")] } },
        { "order of endpoints", i => i with { Endpoints = [.. i.Endpoints.Reverse()] } },
        { "fewer endpoints", i => i with { Endpoints = [i.Endpoints[0]] } },
        { "version", i => i with { Version = null } },
        { "zone", i => i with { Zone = "b" } },
        { "weight", i => i with { Weight = 0 } },
        { "tag", i => i with { Tags = ["x", "z"] } },
        { "order of tags", i => i with { Tags = ["y", "x"] } },
        { "metadata value", i => i with { Metadata = new Dictionary<string, string> { ["a"] = "1", ["b"] = "3" } } },
        { "metadata key", i => i with { Metadata = new Dictionary<string, string> { ["a"] = "1", ["c"] = "2" } } },
        { "less metadata", i => i with { Metadata = new Dictionary<string, string> { ["a"] = "1" } } },
        { "health", i => i with { Health = HealthStatus.Degraded } },
        { "incarnation", i => i with { Incarnation = 8 } },
    };

    [Fact]
    public void Equals_SameContentInOtherObjects_IsTrue()
    {
        var (left, right) = (Create(), Create());

        Assert.True(left == right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    [Fact]
    public void Equals_MetadataInAnotherOrder_IsTrue()
    {
        var reordered = Create() with { Metadata = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };

        Assert.Equal(Create(), reordered);
        Assert.Equal(Create().GetHashCode(), reordered.GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Equals_OneThingDiffers_IsFalse(string what, Func<ServiceInstance, ServiceInstance> change)
    {
        Assert.False(Create() == change(Create()), what);
        Assert.False(change(Create()).Equals(Create()), what);
    }

    [Fact]
    public void Equals_Null_IsFalse() => Assert.False(Create().Equals(null));

    [Fact]
    public void Create_NothingButWhatIsRequired_HasTheDefaults()
    {
        var instance = new ServiceInstance { ServiceName = "orders", Id = "one", Endpoints = [] };

        Assert.Equal(100, instance.Weight);
        Assert.Equal(HealthStatus.Healthy, instance.Health);
        Assert.Equal(0, instance.Incarnation);
        Assert.Empty(instance.Tags);
        Assert.Empty(instance.Metadata);
        Assert.Null(instance.Version);
        Assert.Null(instance.Zone);
    }

    private static ServiceInstance Create() => new()
    {
        ServiceName = "orders",
        Id = "orders-1",
        Endpoints = [new Uri("http://10.0.0.1:8080"), new Uri("https://10.0.0.1:8443")],
        Version = "1.0",
        Zone = "a",
        Weight = 50,
        Tags = ["x", "y"],
        Metadata = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
        Health = HealthStatus.Healthy,
        Incarnation = 7,
    };
}
