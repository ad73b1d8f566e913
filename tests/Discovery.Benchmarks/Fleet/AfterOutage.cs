using Discovery.Benchmarks.Harness;
using Discovery.Hosting.Lookup;

namespace Discovery.Benchmarks.Fleet;

/// <summary>The registry is away for a minute; every watch of every process tries again by the back-off that apps run. Is there a stampede when it comes back?</summary>
internal static class AfterOutage
{
    private const int BucketsPerSecond = 20;
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    public static void Tell(Report report)
    {
        report.Line("| registry back after 1 min: watches that ask again | in the fullest 50 ms | in the fullest second | × an even spread over the back-off's cap | all back within, s | asked while it was away, a second |");
        report.Line("|---|--:|--:|--:|--:|--:|");
        Row(report, "full jitter, as apps do", Run(static () => new WatchBackoff().Next));
        Row(report, "the same bounds without jitter", Run(static () => new Unjittered().Next));
        report.Line("");
    }

    private static (double[] Returns, double Failed) Run(Func<Func<TimeSpan>> begin)
    {
        var returns = new double[FleetModel.Watches];
        var failed = 0L;
        for (var i = 0; i < returns.Length; i++)
        {
            var (at, next) = (TimeSpan.Zero, begin());
            while (at < Outage)
            {
                failed++;
                at += next();
            }

            returns[i] = (at - Outage).TotalSeconds;
        }

        return (returns, failed / Outage.TotalSeconds);
    }

    private static void Row(Report report, string name, (double[] Returns, double Failed) run)
    {
        var buckets = run.Returns.GroupBy(at => (int)(at * BucketsPerSecond)).Max(bucket => bucket.Count());
        var seconds = run.Returns.GroupBy(at => (int)at).Max(second => second.Count());
        var even = FleetModel.Watches / WatchBackoff.Cap.TotalSeconds;
        report.Line($"| {name} | {buckets} | {seconds} | {seconds / even:0.0} | {run.Returns.Max():0.0} | {run.Failed:0} |");
    }

    /// <summary>What would happen if every process waited the bound itself.</summary>
    private sealed class Unjittered
    {
        private int _failures;

        public TimeSpan Next() => TimeSpan.FromSeconds(Math.Min(WatchBackoff.Cap.TotalSeconds, WatchBackoff.Base.TotalSeconds * Math.Pow(2, _failures++)));
    }
}
