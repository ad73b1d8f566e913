namespace Discovery.Hosting.Tests.LoadBalancing;

/// <summary>Pearson's chi-square test: whether counts may well have come of chance with these shares.</summary>
internal static class Spread
{
    /// <summary>The quantile of the standard normal distribution that chance exceeds once in a billion.</summary>
    private const double OnceInABillion = 6;

    public static void IsBy(IReadOnlyDictionary<string, double> shares, IReadOnlyDictionary<string, int> counts)
    {
        Assert.Equal([], counts.Keys.Except(shares.Keys));
        var statistic = Of(shares, counts);
        Assert.True(
            statistic <= Limit(shares.Count - 1),
            $"χ² = {statistic:F1} > {Limit(shares.Count - 1):F1} for {string.Join(", ", shares.Keys.Order().Select(id => $"{id}: {counts.GetValueOrDefault(id)}"))}");
    }

    public static double Of(IReadOnlyDictionary<string, double> shares, IReadOnlyDictionary<string, int> counts)
    {
        var (total, all) = (counts.Values.Sum(), shares.Values.Sum());
        return shares.Sum(share => share.Value * total / all is var expected ? Math.Pow(counts.GetValueOrDefault(share.Key) - expected, 2) / expected : 0);
    }

    /// <summary>What the statistic exceeds once in a billion (Wilson and Hilferty's approximation).</summary>
    public static double Limit(int degrees) =>
        degrees * Math.Pow(1 - (2.0 / (9 * degrees)) + (OnceInABillion * Math.Sqrt(2.0 / (9 * degrees))), 3);

    public static Dictionary<string, double> Even(params string[] ids) => ids.ToDictionary(id => id, _ => 1.0);
}
