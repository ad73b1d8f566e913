namespace Discovery.Hosting.LoadBalancing;

/// <summary>The ramp from the first call to the full share (Envoy's slow start mode).</summary>
internal static class SlowStart
{
    // Each step makes a new version of the service's candidates, and of what policies work out from them.
    private const int Steps = 50;

    /// <summary>The part of its weight that an instance has some time after it started: above 0, at most 1, in steps.</summary>
    public static double ShareAfter(TimeSpan elapsed, SlowStartOptions options)
    {
        if (elapsed >= options.Window)
        {
            return 1;
        }

        var passed = Math.Pow(Math.Max(0, elapsed / options.Window), 1 / options.Aggression);
        return Math.Max(options.MinimumWeightPercent / 100.0, Math.Floor(passed * Steps) / Steps);
    }
}
