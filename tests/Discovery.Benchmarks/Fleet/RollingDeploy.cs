using Discovery.Benchmarks.Harness;
using Discovery.Consul.Watching;

namespace Discovery.Benchmarks.Fleet;

/// <summary>Every service is deployed anew, one instance after another, within ten minutes: each watch of Consul is woken by each change, and paced.</summary>
internal static class RollingDeploy
{
    private const int BytesPerInstance = 1_070;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    public static void Tell(Report report)
    {
        // An instance that is replaced leaves, comes, and turns healthy.
        const int ChangesPerInstance = 3;
        var changes = ChangesPerInstance * FleetModel.InstancesPerService;
        var readers = FleetModel.Watches / FleetModel.Services;
        report.Line("| rolling deploy of everything in 10 min | a second, unpaced | paced | answers per change and watch | staleness at most, ms |");
        report.Line("|---|--:|--:|--:|--:|");
        foreach (var (name, batch) in ((string, int)[])[("one instance at a time", 1), ("all instances of a service at once", changes)])
        {
            var times = Enumerable.Range(0, changes).Select(i => Length * ((double)(i / batch * batch) / changes) + TimeSpan.FromMilliseconds(i % batch * 2)).ToArray();
            var (answers, stalest) = Watch(times);
            var unpaced = (double)changes * FleetModel.Watches / Length.TotalSeconds;
            report.Line($"| {name} | {unpaced:0} | {(double)answers * FleetModel.Watches / Length.TotalSeconds:0} | {(double)answers / changes:0.00} | {stalest.TotalMilliseconds:0} |");
        }

        report.Line("");
        report.Line($"etcd sends each change to each of a service's {readers} watches: {(double)changes * FleetModel.Watches / Length.TotalSeconds:0} events a second, of which none carries more than the instance that changed.");
        report.Line("");
    }

    /// <summary>One watch, by the pacer that apps run: an answer carries all that has changed until it was given.</summary>
    private static (int Answers, TimeSpan Stalest) Watch(TimeSpan[] changes)
    {
        var time = new ManualTime();
        var pacer = new QueryPacer(time);
        var (answers, next, now, stalest) = (0, 0, TimeSpan.Zero, TimeSpan.Zero);
        while (next < changes.Length)
        {
            // The query waits at the server; what changed while the pacer held it back answers it at once.
            now = changes[next] > now ? changes[next] : now;
            stalest = now - changes[next] > stalest ? now - changes[next] : stalest;
            while (next < changes.Length && changes[next] <= now)
            {
                next++;
            }

            answers++;
            time.MoveTo(now);
            pacer.Charge(FleetModel.InstancesPerService * BytesPerInstance, isFruitful: true);
            now += pacer.Due();
        }

        return (answers, stalest);
    }
}
