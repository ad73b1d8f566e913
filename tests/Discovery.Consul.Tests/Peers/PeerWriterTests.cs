using Discovery.Consul.Leases;
using Discovery.Consul.Peers;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Tests.Peers;

public sealed class PeerWriterTests
{
    private static ServiceInstance Instance => TestRegistry.Instance("user", "8f0c", "grpc://10.0.0.1:9000", "http://10.0.0.1:8000", "https://[fd00::1]:8443") with
    {
        Version = "v1.0.0",
        Zone = "a",
        Weight = 10,
        Tags = ["own"],
        Metadata = new Dictionary<string, string> { ["team"] = "shop" },
    };

    [Fact]
    public void Write_ForNobodyElse_AddsNothing()
    {
        var registration = Write();

        Assert.Equal(["own"], registration.Tags);
        Assert.Equal(["team", "version", "zone"], registration.Meta.Keys.Order());
        Assert.Equal("10.0.0.1", registration.TaggedAddresses["grpc"].Address);
    }

    [Fact]
    public void Write_ForKratos_HasWholeUrlsByScheme()
    {
        var registration = Write("Kratos");

        Assert.Equal(new ServiceAddress("grpc://10.0.0.1:9000", 9000), registration.TaggedAddresses["grpc"]);
        Assert.Equal(new ServiceAddress("http://10.0.0.1:8000", 8000), registration.TaggedAddresses["http"]);
        Assert.Equal(new ServiceAddress("https://[fd00::1]:8443", 8443), registration.TaggedAddresses["https"]);
        Assert.Equal(["version=v1.0.0", "own"], registration.Tags);
        Assert.Equal(("10.0.0.1", 9000), (registration.Address, registration.Port));
    }

    [Fact]
    public void Write_ForKitex_HasLabelsAsPairsAndTheWeight()
    {
        var registration = Write("Kitex");

        Assert.Equal(["version:v1.0.0", "zone:a", "team:shop", "own"], registration.Tags);
        Assert.Equal(new ServiceWeights(10, 10), registration.Weights);
    }

    [Fact]
    public void Write_ForSpring_SaysHttpsAndTheWeightInTheMetadata()
    {
        Assert.Equal(("false", "10", "a"), (Write("Spring").Meta["secure"], Write("Spring").Meta["weight"], Write("Spring").Meta["zone"]));
        Assert.Equal("true", Writer("Spring").Write(Instance with { Endpoints = [new("https://h:1")] }, TestRegistry.Ttl).Meta["secure"]);
    }

    [Fact]
    public void Write_ForGoMicro_HasItsTagsFirst()
    {
        var tags = Write("Spring", "Kitex", "GoMicro", "Kratos").Tags;

        var encoded = tags.TakeWhile(tag => tag is ['t' or 'v', '-', ..]).ToList();
        var metadata = new Dictionary<string, string?>();
        Assert.All(encoded.SkipLast(1), tag => Assert.True(GoMicroTag.TryReadMetadata(tag, metadata)));
        Assert.Equal("v-789c2b33d433d033000005930164", encoded[^1]);
        Assert.Equal(("grpc", "grpc", "grpc", "consul"), (metadata["protocol"], metadata["transport"], metadata["server"], metadata["registry"]));
        Assert.Equal(("a", "shop"), (metadata["zone"], metadata["team"]));
        Assert.Equal(["version=v1.0.0", "version:v1.0.0", "zone:a", "team:shop", "own"], tags.Skip(encoded.Count));
    }

    [Theory]
    [InlineData("t")]
    [InlineData("e")]
    public void Write_ATagThatGoMicroPanicsAt_IsRefusedForItAlone(string tag)
    {
        var refused = Assert.Throws<RegistryException>(() => Writer("GoMicro").Write(Instance with { Tags = ["fine", tag] }, TestRegistry.Ttl));

        Assert.Equal(RegistryErrorKind.Invalid, refused.Kind);
        Assert.Contains($"'{tag}'", refused.Message, StringComparison.Ordinal);
        Assert.Equal([tag], Writer("Kitex").Write(Instance with { Tags = [tag] }, TestRegistry.Ttl).Tags.TakeLast(1));
    }

    private static ServiceRegistration Write(params string[] peers) => Writer(peers).Write(Instance, TestRegistry.Ttl);

    private static RegistrationWriter Writer(params string[] peers)
    {
        var options = new ConsulOptions();
        foreach (var peer in peers)
        {
            options.Compatibility.Add(peer);
        }

        return new RegistrationWriter(options);
    }
}
