namespace Discovery.Tests;

public sealed class ServiceNameTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("Orders.Api", "orders.api")]
    [InlineData("0", "0")]
    [InlineData("a_b-c.d", "a_b-c.d")]
    public void Normalize_ServiceName_IsLowerCased(string name, string expected)
    {
        Assert.True(ServiceName.TryNormalize(name, out var normalized));
        Assert.Equal(expected, normalized);
        Assert.Equal(expected, ServiceName.Normalize(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-orders")]
    [InlineData(".orders")]
    [InlineData("_orders")]
    [InlineData("or ders")]
    [InlineData("or/ders")]
    [InlineData("../orders")]
    [InlineData("ordérs")]
    [InlineData("orders\n")]
    [InlineData("orderſ")] // a long s, which Unicode folds to s in upper case only
    [InlineData("orders:1")]
    public void Normalize_NoServiceName_SaysWhatIsAllowed(string name)
    {
        Assert.False(ServiceName.TryNormalize(name, out _));
        var refused = Assert.Throws<ArgumentException>(() => ServiceName.Normalize(name));
        Assert.Contains(ServiceName.Allowed, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryNormalize_Null_IsFalse() => Assert.False(ServiceName.TryNormalize(null, out _));

    [Fact]
    public void TryNormalize_Length_IsBoundAt63()
    {
        Assert.True(ServiceName.TryNormalize(new string('a', 63), out _));
        Assert.False(ServiceName.TryNormalize(new string('a', 64), out _));
    }

    [Theory]
    [InlineData("orders-HOST-8080")]
    [InlineData("a.b_c:d@e")]
    [InlineData("...")]
    public void IsInstanceId_Allowed_IsTrue(string id) => Assert.True(ServiceName.IsInstanceId(id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("é")]
    public void IsInstanceId_NotAllowed_IsFalse(string? id) => Assert.False(ServiceName.IsInstanceId(id));

    [Fact]
    public void IsInstanceId_Length_IsBoundAt200()
    {
        Assert.True(ServiceName.IsInstanceId(new string('a', 200)));
        Assert.False(ServiceName.IsInstanceId(new string('a', 201)));
    }
}
