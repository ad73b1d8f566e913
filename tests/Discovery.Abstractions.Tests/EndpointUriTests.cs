namespace Discovery.Tests;

public sealed class EndpointUriTests
{
    // .NET reads such a URI, and throws where it is asked for the host as the domain name system has it.
    [Theory]
    [InlineData("http://ü-:80/")]
    [InlineData("HTTP://ü-#-%???1")]
    [InlineData("http://-ü:1")]
    public void Parse_OfAHostThatHasNoNameInDns_IsNull(string text) => Assert.Null(EndpointUri.Parse(text));

    [Theory]
    [InlineData("http://bücher.example:80/")]
    [InlineData("grpc://[2001:db8::1]:9000")]
    [InlineData("h2c://orders.example:9000")]
    public void Parse_OfAHostThatHasOne_IsTheEndpoint(string text) => Assert.Equal(new Uri(text), EndpointUri.Parse(text));
}
