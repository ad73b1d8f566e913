namespace Discovery.Hosting.Registration;

/// <summary>
/// The moments at which registrations beat: beats that fall due close together fall due at the same one (<see cref="SharedMoments"/>). A process with a thousand
/// registrations is woken <see cref="PerInterval"/> times in an interval for them, not a thousand times.
/// </summary>
internal static class BeatSlots
{
    /// <summary>Enough for what a registry is asked to be spread over the interval.</summary>
    private const int PerInterval = 50;

    /// <summary>How long until the first beat: registrations made together drift apart, so that their beats spread over the interval.</summary>
    /// <param name="interval">From one beat to the next.</param>
    /// <param name="random">From 0 to 1, another one for each registration.</param>
    /// <param name="age">How long ago the registry was asked for the registration: what it took to answer is not added to the interval.</param>
    /// <param name="time">The clock.</param>
    public static TimeSpan First(TimeSpan interval, double random, TimeSpan age, TimeProvider time) =>
        Nearest((interval * (0.5 + (random * (0.5 - (0.5 / PerInterval))))) - age, interval, time);

    /// <summary>How long until the moment next to the one at which it is due.</summary>
    public static TimeSpan Nearest(TimeSpan due, TimeSpan interval, TimeProvider time) => SharedMoments.Nearest(due, interval / PerInterval, time);
}
