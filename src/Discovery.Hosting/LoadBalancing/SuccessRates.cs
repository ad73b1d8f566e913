using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>Finds the instances of which far fewer calls succeeded than of their siblings' (Envoy's success rate outlier detection).</summary>
internal static class SuccessRates
{
    // Where all others have none, the rule alone would eject an instance for a single failed call.
    private const long LeastFailures = 5;

    /// <summary>Those below the mean by more than so many standard deviations, the worst first. To be asked once an interval.</summary>
    public static IReadOnlyList<InstanceSlot> Outliers(InstanceTable table, OutlierOptions options)
    {
        var rates = new List<(InstanceSlot Slot, double Rate, long Failures)>();
        foreach (var slot in table.Slots)
        {
            var (successes, failures) = slot.Entry.Load.Outcomes.TakeInterval();
            if (successes + failures >= options.SuccessRateRequestVolume && slot.Entry.Load.Ejection is null)
            {
                rates.Add((slot, successes / (double)(successes + failures), failures));
            }
        }

        if (!options.Enabled || options.SuccessRateStdevFactor <= 0 || rates.Count < options.SuccessRateMinimumHosts)
        {
            return [];
        }

        var mean = rates.Average(rate => rate.Rate);
        var deviation = Math.Sqrt(rates.Average(rate => (rate.Rate - mean) * (rate.Rate - mean)));
        var least = mean - (options.SuccessRateStdevFactor * deviation);
        return [.. rates.Where(rate => rate.Rate < least && rate.Failures >= LeastFailures).OrderBy(rate => rate.Rate).Select(rate => rate.Slot)];
    }
}
