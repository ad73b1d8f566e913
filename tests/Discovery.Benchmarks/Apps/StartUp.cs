using System.Diagnostics;
using Discovery.Benchmarks.Harness;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Benchmarks.Apps;

/// <summary>What registering adds to an app's start: time to the first answer, memory, CPU; and how soon after that others see it. Of the app as it is built, and as a native program.</summary>
internal static class StartUp
{
    private static readonly int Rounds = Pace.IsQuick ? 3 : 9;

    public static async Task RunAsync(Report report)
    {
        await using var consul = await ConsulServer.StartAsync();
        await using var etcd = await EtcdServer.StartAsync();
        using var folder = new TemporaryFolder();
        using var native = await NativeApp.PublishAsync();
        (string Name, string Kind, KeyValuePair<string, string?>[] Settings)[] contestants =
        [
            ("empty", "empty", []),
            ("Local", "registered", [new("Discovery:Provider", "Local"), new("Discovery:Local:Directory", folder.Path), new("Discovery:Client:CacheDirectory", "")]),
            ("Consul", "registered", Providers.Of(consul)),
            ("etcd", "registered", Providers.Of(etcd)),
        ];
        (string Name, string Program)[] programs = [("JIT", ChildApp.Assembly), ("AOT", native.Program)];
        var starts = programs.SelectMany(program => contestants.Select(contestant => (program.Name, contestant.Name)))
            .ToDictionary(key => key, _ => new List<(double Answer, double Visible, ProcessUse Use)>());
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var ((compiled, program), (name, kind, settings)) in programs.SelectMany(program => contestants.Select(contestant => (program, contestant))).OrderBy(_ => Random.Shared.Next()))
            {
                var start = await StartAsync($"{name}-{compiled}-{round + 1}".ToLowerInvariant(), kind, settings, program);
                if (round >= 0)
                {
                    starts[(compiled, name)].Add(start);
                }
            }
        }

        report.Line($"The native program has {native.SizeMiB:0.0} MiB.");
        report.Line("");
        report.Line("| app | ms to first 200 | over empty | RSS MiB | over empty | CPU ms | ms from first 200 to visible |");
        report.Line("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var ((compiled, name), taken) in starts)
        {
            var empty = starts[(compiled, "empty")];

            // Paired by round: the machine's mood is in both.
            var answer = taken.Zip(empty, (one, other) => one.Answer - other.Answer).Median();
            var resident = taken.Zip(empty, (one, other) => one.Use.ResidentMiB - other.Use.ResidentMiB).Median();
            report.Line($"| {name}, {compiled} | {taken.Select(start => start.Answer).Median():0} | {answer:+0;-0;0} | {taken.Select(start => start.Use.ResidentMiB).Median():0.0} | {resident:+0.0;-0.0;0} | {taken.Select(start => start.Use.CpuMilliseconds).Median():0} | {(name is "empty" ? "" : $"{taken.Select(start => start.Visible).Median():0}")} |");
        }
    }

    private static async Task<(double Answer, double Visible, ProcessUse Use)> StartAsync(string service, string kind, KeyValuePair<string, string?>[] settings, string program)
    {
        if (kind is "empty")
        {
            await using var empty = await ChildApp.StartAsync(kind, program: program);
            return (empty.MillisecondsToFirstAnswer, double.NaN, empty.Use);
        }

        await using var watcher = Providers.Client(settings);
        using var view = watcher.GetRequiredService<IServiceDiscovery>().GetView(service);
        await view.WaitUntilReadyAsync();
        var seen = SeenAsync(view);
        var began = Stopwatch.GetTimestamp();
        await using var app = await ChildApp.StartAsync(kind, [.. settings, new("Discovery:Registration:ServiceName", service)], program);
        var visible = await seen.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return (app.MillisecondsToFirstAnswer, Stopwatch.GetElapsedTime(began, visible).TotalMilliseconds - app.MillisecondsToFirstAnswer, app.Use);
    }

    private static async Task<long> SeenAsync(IServiceView view)
    {
        while (true)
        {
            var token = view.GetChangeToken();
            if (view.Current.Instances.Count > 0)
            {
                return Stopwatch.GetTimestamp();
            }

            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = token.RegisterChangeCallback(_ => changed.TrySetResult(), null);
            await changed.Task;
        }
    }
}
