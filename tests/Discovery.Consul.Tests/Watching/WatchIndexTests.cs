using Discovery.Consul.Watching;

namespace Discovery.Consul.Tests.Watching;

public sealed class WatchIndexTests
{
    private readonly WatchIndex _index = new();

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void TryAdvance_BelowOne_AsksWithOne(long answered)
    {
        Assert.True(_index.TryAdvance(answered));
        Assert.Equal(1, _index.Value);
    }

    [Fact]
    public void TryAdvance_SameOrHigher_Follows()
    {
        Assert.True(_index.TryAdvance(7));
        Assert.True(_index.TryAdvance(7));
        Assert.True(_index.TryAdvance(9));
        Assert.Equal(9, _index.Value);
    }

    [Fact]
    public void TryAdvance_Backwards_BeginsAnew()
    {
        _index.TryAdvance(541);

        Assert.False(_index.TryAdvance(7));
        Assert.Equal(0, _index.Value);
        Assert.True(_index.TryAdvance(7));
        Assert.Equal(7, _index.Value);
    }
}
