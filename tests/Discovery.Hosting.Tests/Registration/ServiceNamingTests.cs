using Discovery.Hosting.Registration;

namespace Discovery.Hosting.Tests.Registration;

public sealed class ServiceNamingTests
{
    [Theory]
    [InlineData("QuickStart", "quickstart")]
    [InlineData("My.Orders_Api", "my-orders-api")]
    [InlineData("--a--", "a")]
    [InlineData("Äpfel", "pfel")]
    [InlineData("...", "app")]
    public void FromApplicationName_GivesADnsLabel(string application, string expected) =>
        Assert.Equal(expected, ServiceNaming.FromApplicationName(application));

    [Fact]
    public void FromApplicationName_OfALongName_GivesAtMost63Characters() =>
        Assert.Equal(63, ServiceNaming.FromApplicationName(new string('x', 100)).Length);

    [Theory]
    [InlineData("HOST-1", "http://127.0.0.1:5000", "orders-host-1-5000")]
    [InlineData("my host", "https://shop.example", "orders-my-host-443")]
    public void InstanceId_IsMadeOfServiceHostAndPort(string machine, string preferred, string expected) =>
        Assert.Equal(expected, ServiceNaming.InstanceId("orders", machine, new Uri(preferred)));
}
