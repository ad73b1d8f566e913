namespace Discovery.Simulation.Apps;

/// <summary>How long a process may take for what it does, from its settings: the bounds that the invariants speak of.</summary>
/// <remarks>They are worked out here from the README's promises, not read from the code that is to keep them.</remarks>
/// <param name="process">The process.</param>
/// <param name="hanging">How long what was asked of the registry for all who wait may hang, longer than any of them waits.</param>
internal sealed class Times(SimulatedProcess process, TimeSpan hanging)
{
    private static readonly TimeSpan RoundTrips = TimeSpan.FromSeconds(1);

    public TimeSpan Beat => process.Settings.Ttl / 3;

    public TimeSpan HealthCheck => process.Health.Takes < Beat ? process.Health.Takes : Beat;

    /// <summary>What hung when the registry came back, one back-off, one pause of the breaker and what is waited after it.</summary>
    public TimeSpan Registering => Clamp(Beat, 1.5, 10) + hanging + Beat + Clamp(process.Settings.Ttl / 6, 0.5, 5) + (process.Settings.Ttl / 12)
        + (2 * HealthCheck) + RoundTrips;

    /// <summary>The longest back-off of a watch, what an unanswered one waits, and the same again for one that just began.</summary>
    public static TimeSpan Watching => TimeSpan.FromSeconds(5 + 30 + 5);

    /// <summary>How long one that is missing is believed in at most, with the round of probes that ends it.</summary>
    public TimeSpan Forgetting => process.Settings.EmptyHold + TimeSpan.FromSeconds(4);

    private static TimeSpan Clamp(TimeSpan time, double shortest, double longest) =>
        TimeSpan.FromSeconds(Math.Clamp(time.TotalSeconds, shortest, longest));
}
