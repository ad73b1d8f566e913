using System.Net;
using Discovery.Hosting.Registration.Addresses;

namespace Discovery.Hosting.Tests.Registration.Addresses;

public sealed class SystemNetworkViewTests
{
    private readonly SystemNetworkView _network = new();

    [Fact]
    public void LocalAddresses_OfThisMachine_HoldLoopback() => Assert.Contains(IPAddress.Loopback, _network.LocalAddresses);

    [Fact]
    public async Task SourceAddressTowardsAsync_Loopback_IsLoopback() => Assert.Equal(
        IPAddress.Loopback, await _network.SourceAddressTowardsAsync("127.0.0.1", 8500, onlyIPv4: true, TestContext.Current.CancellationToken));

    [Fact]
    public async Task SourceAddressTowardsAsync_ANameThatIsNone_IsNull() => Assert.Null(
        await _network.SourceAddressTowardsAsync("no-such-host.invalid", 8500, onlyIPv4: true, TestContext.Current.CancellationToken));
}
