namespace Discovery.Dashboard;

/// <summary>How a dashboard is served.</summary>
public sealed class DiscoveryDashboardOptions
{
    /// <summary>
    /// Whether it answers outside the environment Development although it is not protected by an authorization policy. False by default: it answers 404 there,
    /// since it shows addresses and labels of every service to whoever can reach it.
    /// </summary>
    public bool AllowOutsideDevelopment { get; set; }

    /// <summary>How many may look on at once: 1 to 10000, 100 by default. Whoever comes then is answered 503, and the page tries again.</summary>
    public int MaxViewers { get; set; } = 100;

    /// <summary>
    /// How many services it has the app watch while somebody looks on, so that their instances are shown: 0 to 10000, 250 by default. Those beyond, in ordinal
    /// order, are listed by name, and watched when somebody chooses them. Services that the app watches anyway are always shown.
    /// </summary>
    public int MaxServices { get; set; } = 250;

    internal void Validate()
    {
        Check(MaxViewers, 1, nameof(MaxViewers));
        Check(MaxServices, 0, nameof(MaxServices));
    }

    private static void Check(int value, int least, string name)
    {
        if (value < least || value > 10_000)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(DiscoveryDashboardOptions)}.{name} must be {least} to 10000.");
        }
    }
}
