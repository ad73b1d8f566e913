namespace Discovery.Hosting.Lookup;

/// <summary>Asks instances that the registry no longer lists whether they are still there, each second, until none are held.</summary>
internal sealed class HeldProbing(IEndpointProbe probe, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A whole service of thousands may be held at once; its hosts must not see that as a flood.
    public const int ProbesAtOnce = 32;

    /// <param name="held">The instances held now.</param>
    /// <param name="drop">Drops one; true says that it refused, false that its time is over.</param>
    /// <param name="hold">How long an instance is held at most.</param>
    /// <param name="cancellationToken">Ends the probing.</param>
    public async Task RunAsync(Func<IReadOnlyList<HeldInstance>> held, Action<string, bool> drop, Func<TimeSpan> hold, CancellationToken cancellationToken)
    {
        for (var instances = held(); instances.Count > 0; instances = held())
        {
            var round = new ParallelOptions { MaxDegreeOfParallelism = ProbesAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(instances, round, async (instance, token) =>
            {
                if (time.GetElapsedTime(instance.HeldAt) >= hold())
                {
                    drop(instance.Id, false);
                }
                else if (await probe.ProbeAsync(instance.Endpoint, token).ConfigureAwait(false) is ProbeResult.Refused)
                {
                    drop(instance.Id, true);
                }
            }).ConfigureAwait(false);
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
