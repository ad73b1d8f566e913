using System.Diagnostics;
using System.Globalization;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.Benchmarks.Restarts;

/// <summary>Three copies and all callers on one registry: what fails while copies are restarted one after the other, and after one is killed.</summary>
internal sealed class RestartRun(Registry registry, RestartReport report) : IAsyncDisposable
{
    private const int Copies = 3;
    private const int PerSecond = 500;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private readonly Fleet _fleet = new(registry);
    private readonly Callers _callers = new(registry);

    public async Task StartAsync()
    {
        await _fleet.StartAsync(Copies);
        await Eventually.HoldsAsync(() => _fleet.Copies.All(copy => IsKnown(copy.Address)), Bound);
    }

    /// <summary>Stops copy after copy with SIGTERM; the next one once the caller knows the one before.</summary>
    public async Task RollAsync(bool samePort)
    {
        var loops = await LoadAsync();
        var (sinceStart, sinceListening) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < Copies; i++)
        {
            await _fleet.EndAsync(i, Signal.Terminate);
            await _fleet.ReplaceAsync(i, samePort);
            while (!IsKnown(_fleet.Copies[i].Address))
            {
                await Task.Delay(1);
            }

            sinceStart.Add(Stopwatch.GetElapsedTime(_fleet.Copies[i].StartedAt));
            sinceListening.Add(Stopwatch.GetElapsedTime(_fleet.Copies[i].ListeningAt));
            await Task.Delay(TimeSpan.FromSeconds(1)); // of load on all three, without which a restart would measure the one before it as well
        }

        await StopAsync(loops);
        foreach (var loop in loops)
        {
            report.Rolled(registry.Name, samePort, loop);
        }

        report.Visible(registry.Name, samePort, sinceStart, sinceListening);
    }

    /// <summary>Kills one copy, and looks on for as long as it takes registries to notice.</summary>
    public async Task KillAsync(int index, TimeSpan lookOn)
    {
        var loops = await LoadAsync();
        var before = loops.Select(loop => loop.Calls - loop.InFlight).ToList();
        var killedAt = Stopwatch.GetTimestamp();
        await _fleet.EndAsync(index, Signal.Kill);
        var endedAt = Stopwatch.GetTimestamp();
        var underWay = loops.Zip(before, (loop, done) => loop.Calls - done).ToList();
        await Task.Delay(lookOn);
        await StopAsync(loops);
        foreach (var (loop, exposed) in loops.Zip(underWay))
        {
            report.Killed(registry.Name, loop, killedAt, endedAt, exposed);
        }

        await _fleet.ReplaceAsync(index, samePort: true);
        await Eventually.HoldsAsync(() => IsKnown(_fleet.Copies[index].Address), Bound);
    }

    public async ValueTask DisposeAsync()
    {
        await _callers.DisposeAsync();
        await _fleet.DisposeAsync();
    }

    private bool IsKnown(Uri address) =>
        _callers.View.Current.Instances.Any(instance => instance.Endpoints[0].Authority == address.Authority);

    private async Task<List<OpenLoop>> LoadAsync()
    {
        var loops = _callers.Clients.Select(client => new OpenLoop(client.Key, client.Value, PerSecond)).ToList();
        await Task.Delay(WarmUp);
        foreach (var loop in loops)
        {
            Trace.Assert(loop.Failures.IsEmpty, string.Create(CultureInfo.InvariantCulture, $"{loop.Name} fails {loop.Failures.Count} calls before anything has happened"));
        }

        return loops;
    }

    private static async Task StopAsync(List<OpenLoop> loops) => await Task.WhenAll(loops.Select(loop => loop.DisposeAsync().AsTask()));
}
