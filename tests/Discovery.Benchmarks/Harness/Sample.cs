namespace Discovery.Benchmarks.Harness;

/// <summary>Many measurements of one thing.</summary>
internal static class Sample
{
    public static double Median(this IEnumerable<double> values) => values.At(0.5);

    /// <summary>The value that such a share of all is below.</summary>
    public static double At(this IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }
}
