using Yarp.ReverseProxy.Configuration;

namespace Discovery.Yarp.Tests;

public sealed class ServiceDestinationTests
{
    private static readonly ServiceInstance Instance = new()
    {
        ServiceName = "orders",
        Id = "orders-1",
        Endpoints = [new("https://10.0.0.1:8443"), new("http://10.0.0.1:8080/base/")],
        Version = "2.0",
        Zone = "eu-1",
        Weight = 50,
    };

    [Theory]
    [InlineData("http://10.0.0.1:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("not a URI")]
    [InlineData("/relative")]
    [InlineData("")]
    public void Read_OfWhatIsNoService_IsNull(string address) =>
        Assert.Null(ServiceDestination.Read("all", new() { Address = address }));

    [Theory]
    [InlineData("http://orders/", "http://10.0.0.1:8080/base/")]
    [InlineData("http://ORDERS/api/", "http://10.0.0.1:8080/base/api/")]
    [InlineData("https://orders/", "https://10.0.0.1:8443/")]
    [InlineData("https+http://orders/", "https://10.0.0.1:8443/")]
    public void Expand_ByScheme_KeepsThePathsOfBoth(string address, string expected)
    {
        var destination = Assert.Single(Expand(new() { Address = address }, Instance));

        Assert.Equal("all/orders-1", destination.Key);
        Assert.Equal(expected, destination.Value.Address);
    }

    [Theory]
    [InlineData("grpc://orders/", "http://10.0.0.1:5001/")]
    [InlineData("grpcs://orders/", "https://10.0.0.1:5002/")]
    public void Expand_OfGrpc_IsWhatYarpCanForwardTo(string address, string expected)
    {
        var destination = Assert.Single(Expand(new() { Address = address }, Instance with { Endpoints = [new("grpc://10.0.0.1:5001"), new("grpcs://10.0.0.1:5002")] })).Value;

        Assert.Equal(expected, destination.Address);
    }

    [Fact]
    public void Expand_WithoutAnyOfTheScheme_IsEmpty()
    {
        var clear = Instance with { Endpoints = [new("http://10.0.0.1:8080")] };

        Assert.Empty(Expand(new() { Address = "https://orders/" }, clear));
        Assert.Equal("http://10.0.0.1:8080/", Assert.Single(Expand(new() { Address = "https+http://orders/" }, clear)).Value.Address);
    }

    [Fact]
    public void Expand_OfAConfiguredDestination_KeepsWhatItSaysAndDescribesTheInstance()
    {
        var config = new DestinationConfig
        {
            Address = "http://orders/", Health = "http://orders/health/ready", Host = "shop.example", Metadata = new Dictionary<string, string> { ["own"] = "x" },
        };

        var destination = Assert.Single(Expand(config, Instance)).Value;

        Assert.Equal("http://10.0.0.1:8080/base/health/ready", destination.Health);
        Assert.Equal("shop.example", destination.Host);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["own"] = "x",
                ["discovery.service"] = "orders",
                ["discovery.instance"] = "orders-1",
                ["discovery.scheme"] = "http",
                ["discovery.weight"] = "50",
                ["discovery.zone"] = "eu-1",
                ["discovery.version"] = "2.0",
            },
            destination.Metadata);
    }

    [Fact]
    public void Expand_OfAHealthAddressElsewhere_LeavesItThere()
    {
        var destination = Assert.Single(Expand(new() { Address = "http://orders/", Health = "http://checker:9/orders" }, Instance)).Value;

        Assert.Equal("http://checker:9/orders", destination.Health);
    }

    private static IEnumerable<KeyValuePair<string, DestinationConfig>> Expand(DestinationConfig config, params ServiceInstance[] instances) =>
        ServiceDestination.Read("all", config)!.Expand(instances);
}
