using Discovery.Local.Leases;

namespace Discovery.Local.Tests.Leases;

public sealed class LeaseFileNameTests
{
    [Theory]
    [InlineData("orders-1", "ORDERS-1")]
    [InlineData("a:b", "a@b")]
    [InlineData("a:b", "a_b")]
    public void Of_IdsThatDifferByCaseOrSign_DoNotCollideWhereCaseIsIgnored(string one, string other) =>
        Assert.NotEqual(LeaseFileName.Of("orders", one), LeaseFileName.Of("orders", other), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Of_IdsThatDifferAtTheirEndOnly_DoNotCollide() =>
        Assert.NotEqual(LeaseFileName.Of("orders", new string('a', 199) + "b"), LeaseFileName.Of("orders", new string('a', 199) + "c"));

    [Theory]
    [InlineData("orders", "orders-host-5000")]
    [InlineData("con", "nul")]
    [InlineData("a.b_c-d", "..:@X")]
    public void Of_AnyAllowedName_HoldsOnlyWhatFileNamesMay(string service, string id)
    {
        var name = LeaseFileName.Of(service, id);

        Assert.Matches("^lease~[a-z0-9._~-]+[.]json$", name);
        Assert.True(LeaseFileName.TryGetServiceName(name, out var found));
        Assert.Equal(service, found);
        Assert.True(LeaseFileName.IsTemporary(LeaseFileName.Temporary(name)));
        Assert.False(LeaseFileName.TryGetServiceName(LeaseFileName.Temporary(name), out _));
    }

    [Fact]
    public void Temporary_LongestNames_FitsAFileName() =>
        Assert.InRange(LeaseFileName.Temporary(LeaseFileName.Of(new string('s', 63), new string('i', 200))).Length, 1, 255);

    [Theory]
    [InlineData("cache")]
    [InlineData("lease~orders.json")]
    [InlineData("orders~x~y.json")]
    public void TryGetServiceName_AnotherFile_IsRefused(string name) => Assert.False(LeaseFileName.TryGetServiceName(name, out _));
}
