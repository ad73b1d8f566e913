namespace Discovery.EndToEnd.Tests.Soak;

public sealed class SeriesTests
{
    [Fact]
    public void Growth_OfWhatGrowsForEver_IsThatOfTheSecondHalf() => Assert.Equal(30, Measured(i => 100 + i, points: 61).Growth, precision: 6);

    [Fact]
    public void Growth_OfWhatHasWarmedUp_IsNone() => Assert.Equal(0, Measured(i => Math.Min(100 + i, 120), points: 61).Growth);

    [Fact]
    public void Growth_OfWhatIsFlatButForAPeak_IsNone() => Assert.Equal(0, Measured(i => i == 55 ? 900 : 100, points: 61).Growth);

    [Fact]
    public void Allowed_OfWhatIsSmall_IsTheSlack() => Assert.Equal((5, 10), (Measured(_ => 20, 10).Allowed, Measured(_ => 200, 10).Allowed));

    private static Series Measured(Func<int, double> value, int points)
    {
        var series = new Series("something", share: 0.05, slack: 5);
        for (var i = 0; i < points; i++)
        {
            series.Add(TimeSpan.FromSeconds(i), value(i));
        }

        return series;
    }
}
