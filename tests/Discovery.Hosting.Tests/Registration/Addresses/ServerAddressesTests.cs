using Discovery.Hosting.Registration.Addresses;
using Microsoft.Extensions.Configuration;

namespace Discovery.Hosting.Tests.Registration.Addresses;

public sealed class ServerAddressesTests
{
    [Theory]
    [InlineData("http://[::]:5000", "grpc://[::]:5000")]
    [InlineData("https://localhost:5001", "grpcs://localhost:5001")]
    [InlineData("http://unix:/run/app.sock", "grpc://unix:/run/app.sock")]
    public void WithSchemes_WhereHttp2AloneIsTheDefault_IsGrpc(string bound, string expected) =>
        Assert.Equal([expected], Read([bound], ("EndpointDefaults:Protocols", "http2")));

    [Theory]
    [InlineData("Http1")]
    [InlineData("Http1AndHttp2")]
    [InlineData(null)]
    public void WithSchemes_WhereHttp1IsSpokenToo_IsAsBound(string? protocols) =>
        Assert.Equal(["http://[::]:5000"], Read(["http://[::]:5000"], ("EndpointDefaults:Protocols", protocols)));

    [Fact]
    public void WithSchemes_OfNamedEndpoints_GoesByPort() =>
        Assert.Equal(
            ["http://[::]:8080", "grpc://[::]:8081"],
            Read(
                ["http://[::]:8080", "http://[::]:8081"],
                ("Endpoints:Api:Url", "http://*:8081"),
                ("Endpoints:Api:Protocols", "Http2"),
                ("Endpoints:Web:Url", "http://*:8080")));

    [Fact]
    public void WithSchemes_OfNamedEndpointsWithDynamicPorts_GoesByTheOrderOfBinding() =>
        Assert.Equal(
            ["grpc://127.0.0.1:40001", "http://127.0.0.1:40002"],
            Read(
                ["http://127.0.0.1:40001", "http://127.0.0.1:40002"],
                ("EndpointDefaults:Protocols", "Http2"),
                ("Endpoints:Api:Url", "http://127.0.0.1:0"),
                ("Endpoints:Web:Url", "http://127.0.0.1:0"),
                ("Endpoints:Web:Protocols", "Http1")));

    private static IEnumerable<string> Read(string[] bound, params (string Key, string? Value)[] kestrel) => ServerAddresses.WithSchemes(
        bound,
        new ConfigurationBuilder().AddInMemoryCollection(kestrel.ToDictionary(setting => setting.Key, setting => setting.Value)).Build());
}
