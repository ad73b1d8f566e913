using Discovery.Benchmarks.Apps;
using Discovery.Benchmarks.Calls;
using Discovery.Benchmarks.Fleet;
using Discovery.Benchmarks.Harness;
using Discovery.Benchmarks.Registering;
using Discovery.Benchmarks.Restarts;
using Discovery.Benchmarks.Watching;

args = [.. args.Where(arg => arg != Pace.Option)];

// What each verb measures; everything else is for BenchmarkDotNet (--filter and so on).
(string Verb, Func<Report, Task> Run)[] verbs =
[
    ("picks", Picking.RunAsync),
    ("fleet", FleetModel.RunAsync),
    ("start", StartUp.RunAsync),
    ("idle", Idle.RunAsync),
    ("http", Throughput.RunAsync),
    ("propagation", Propagation.RunAsync),
    ("churn", Churn.RunAsync),
    ("subscribers", Subscribers.RunAsync),
    ("heartbeats", Heartbeats.RunAsync),
    ("leases", SeparateLeases.RunAsync),
];

if (args is [ChurnWatcher.Verb, var kind, var registry])
{
    await ChurnWatcher.RunAsync(kind, new Uri(registry));
    return;
}

if (args is [RestartBenchmark.Verb, ..])
{
    await RestartBenchmark.RunAsync(args[1..]);
    return;
}

if (args is not (["all"] or []) && !args.All(arg => verbs.Any(verb => verb.Verb == arg)))
{
    Picking.Run(args);
    return;
}

foreach (var (verb, run) in verbs.Where(verb => args is ["all"] or [] || args.Contains(verb.Verb)))
{
    await Report.WriteAsync(verb + ".md", run);
}

if (args is ["all"] or [])
{
    await RestartBenchmark.RunAsync([]);
}
