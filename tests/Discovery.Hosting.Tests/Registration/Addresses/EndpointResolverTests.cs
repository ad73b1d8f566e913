using System.Net;
using Discovery.Hosting.Registration;
using Discovery.Hosting.Registration.Addresses;

namespace Discovery.Hosting.Tests.Registration.Addresses;

public sealed class EndpointResolverTests
{
    private static readonly Uri[] Local = [];
    private static readonly Uri[] LoopbackAgent = [new("http://127.0.0.1:8500")];
    private static readonly Uri[] Remote = [new("http://consul.internal:8500")];

    private readonly FakeNetwork _network = new()
    {
        LocalAddresses = [IPAddress.Loopback, IPAddress.Parse("169.254.7.7"), IPAddress.Parse("10.1.2.3"), IPAddress.Parse("192.168.9.9"), IPAddress.Parse("fd00::7")],
        Towards = IPAddress.Parse("10.1.2.3"),
        DefaultRoute = IPAddress.Parse("192.168.9.9"),
    };

    [Theory]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000")]
    [InlineData("http://localhost:5000", "http://127.0.0.1:5000")]
    [InlineData("https://localhost:5001", "https://localhost:5001")]
    [InlineData("http://[::]:5000", "http://127.0.0.1:5000")]
    [InlineData("http://0.0.0.0:5000", "http://127.0.0.1:5000")]
    [InlineData("http://*:5000", "http://127.0.0.1:5000")]
    [InlineData("http://+:5000", "http://127.0.0.1:5000")]
    [InlineData("http://[::1]:5000", "http://[::1]:5000")]
    [InlineData("http://10.1.2.3:5000", "http://10.1.2.3:5000")]
    [InlineData("http://[fd00::7]:5000", "http://[fd00::7]:5000")]
    [InlineData("http://orders.example:5000", "http://orders.example:5000")]
    public async Task ResolveAsync_InLocal_GivesWhatCallersOnThisMachineReach(string bound, string expected) =>
        Assert.Equal([expected], await ResolveAsync([bound], Local));

    [Theory]
    [InlineData("http://[::]:5000", "http://10.1.2.3:5000")]
    [InlineData("http://0.0.0.0:5000", "http://10.1.2.3:5000")]
    [InlineData("http://*:5000", "http://10.1.2.3:5000")]
    [InlineData("https://+:5001", "https://10.1.2.3:5001")]
    public async Task ResolveAsync_OfAWildcard_GivesTheSourceAddressTowardsTheRegistry(string bound, string expected) =>
        Assert.Equal([expected], await ResolveAsync([bound], Remote));

    [Theory]
    [InlineData("grpc", "http://*:5000", "grpc://10.1.2.3:5000")]
    [InlineData("grpc", "https://*:5001", "grpcs://10.1.2.3:5001")]
    [InlineData("http", "grpc://*:5000", "http://10.1.2.3:5000")]
    [InlineData("http", "grpcs://*:5001", "https://10.1.2.3:5001")]
    [InlineData(null, "grpc://*:5000", "grpc://10.1.2.3:5000")]
    public async Task ResolveAsync_WithAScheme_GivesItToWhatIsBound(string? scheme, string bound, string expected) =>
        Assert.Equal([expected], await ResolveAsync([bound], Remote, new RegistrationOptions { Scheme = scheme }));

    [Fact]
    public async Task ResolveAsync_OfAWildcardThroughALoopbackAgent_GivesTheDefaultRoutesAddress()
    {
        var network = new FakeNetwork { Towards = IPAddress.Loopback, DefaultRoute = IPAddress.Parse("192.168.9.9") };
        Assert.Equal(["http://192.168.9.9:80"], await ResolveAsync(["http://*:80"], LoopbackAgent, network: network));
    }

    [Fact]
    public async Task ResolveAsync_WithoutAnyRoute_TakesAnInterfacesAddressAndNeverALinkLocalOne()
    {
        var network = new FakeNetwork { LocalAddresses = [IPAddress.Loopback, IPAddress.Parse("169.254.7.7"), IPAddress.Parse("fe80::1"), IPAddress.Parse("10.9.9.9")] };
        Assert.Equal(["http://10.9.9.9:80"], await ResolveAsync(["http://*:80"], Remote, network: network));
    }

    [Fact]
    public async Task ResolveAsync_WithPreferredNetworks_TakesTheFirstThatThisMachineIsIn()
    {
        var options = new RegistrationOptions { PreferredNetworks = { "172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8" } };
        Assert.Equal(["http://192.168.9.9:80"], await ResolveAsync(["http://*:80"], Remote, options));
    }

    [Fact]
    public async Task ResolveAsync_OfAnIPv4Wildcard_NeverGivesAnIPv6Address()
    {
        var options = new RegistrationOptions { PreferredNetworks = { "fd00::/8" } };
        Assert.Equal(["http://10.1.2.3:80"], await ResolveAsync(["http://0.0.0.0:80"], Remote, options));
        Assert.Equal(["http://[fd00::7]:80"], await ResolveAsync(["http://[::]:80"], Remote, options));
    }

    [Fact]
    public async Task ResolveAsync_WithSeveralSchemes_KeepsThemInOrderWithoutDuplicates() =>
        Assert.Equal(
            ["https://10.1.2.3:5001", "http://10.1.2.3:5000"],
            await ResolveAsync(["https://*:5001", "http://0.0.0.0:5000", "http://[::]:5000"], Remote));

    [Fact]
    public async Task ResolveAsync_WithAddressAndPort_ReplacesHostAndPort()
    {
        var options = new RegistrationOptions { Address = "shop.example", Port = 443 };
        Assert.Equal(["https://shop.example:443"], await ResolveAsync(["https://*:5001"], Remote, options));
    }

    [Fact]
    public async Task ResolveAsync_WithAnIPv6Address_PutsItInBrackets()
    {
        var options = new RegistrationOptions { Address = "fd00::42" };
        Assert.Equal(["http://[fd00::42]:5000"], await ResolveAsync(["http://*:5000"], Remote, options));
    }

    [Fact]
    public async Task ResolveAsync_WithEndpoints_TakesThemAndNothingElse()
    {
        var options = new RegistrationOptions { Endpoints = { "grpc://10.7.7.7:9000", "http://10.7.7.7:8000" } };
        Assert.Equal(["grpc://10.7.7.7:9000", "http://10.7.7.7:8000"], await ResolveAsync(["http://127.0.0.1:5000"], Remote, options));
    }

    [Fact]
    public async Task ResolveAsync_OfAWorkerWithAddressAndPort_GivesThem()
    {
        var options = new RegistrationOptions { Address = "10.7.7.7", Port = 9000 };
        Assert.Equal(["http://10.7.7.7:9000"], await ResolveAsync([], Remote, options));
    }

    [Fact]
    public async Task ResolveAsync_OfAUnixSocketBesideATcpPort_GivesThePort() =>
        Assert.Equal(["http://10.1.2.3:5000"], await ResolveAsync(["http://unix:/tmp/app.sock", "http://*:5000"], Remote));

    [Fact]
    public async Task ResolveAsync_OfAUnixSocketOnly_IsRefused() =>
        Assert.Contains("unix:/tmp/app.sock", await RefusalAsync(["http://unix:/tmp/app.sock"], Local), StringComparison.Ordinal);

    [Fact]
    public async Task ResolveAsync_WithoutServerAndSettings_IsRefusedNamingTheSettings()
    {
        var refusal = await RefusalAsync([], Local);
        Assert.Contains("Discovery:Registration:Endpoints", refusal, StringComparison.Ordinal);
        Assert.Contains("Discovery:Registration:Address", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_OfPortZero_IsRefused() =>
        Assert.Contains(":0", await RefusalAsync(["http://10.1.2.3:0"], Local), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://localhost:5000")]
    [InlineData("http://[::1]:5000")]
    public async Task ResolveAsync_OfLoopbackTowardsARemoteRegistry_IsRefused(string bound) =>
        Assert.Contains("Discovery:Registration:Address", await RefusalAsync([bound], Remote), StringComparison.Ordinal);

    [Fact]
    public async Task ResolveAsync_OfLoopbackThroughALoopbackAgent_IsGiven() =>
        Assert.Equal(["http://127.0.0.1:5000"], await ResolveAsync(["http://127.0.0.1:5000"], LoopbackAgent));

    [Fact]
    public async Task ResolveAsync_WithOnePortForSeveralEndpoints_IsRefusedNamingEndpoints()
    {
        var refusal = await RefusalAsync(["http://*:5000", "https://*:5001"], Remote, new RegistrationOptions { Port = 80 });
        Assert.Contains("Discovery:Registration:Port is '80'", refusal, StringComparison.Ordinal);
        Assert.Contains("Discovery:Registration:Endpoints", refusal, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> ResolveAsync(
        string[] bound, Uri[] registry, RegistrationOptions? options = null, FakeNetwork? network = null)
    {
        var resolver = new EndpointResolver(new AdvertisedAddress(network ?? _network));
        var endpoints = await resolver.ResolveAsync(
            "Discovery:Registration", options ?? new RegistrationOptions(), bound, registry, TestContext.Current.CancellationToken);
        return endpoints.Select(endpoint => $"{endpoint.Scheme}://{endpoint.Host}:{endpoint.Port}");
    }

    private async Task<string> RefusalAsync(string[] bound, Uri[] registry, RegistrationOptions? options = null) =>
        (await Assert.ThrowsAsync<RegistrationRefusedException>(() => ResolveAsync(bound, registry, options))).Message;
}
