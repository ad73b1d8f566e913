using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Health;

/// <summary>
/// Takes the app's health reports for the beats. One run at a time serves all registrations: their beats ask for a report that is
/// recent enough, and those who ask while one is under way share it.
/// </summary>
internal sealed partial class HealthMonitor(HealthCheckService checks, TimeProvider time, ILogger<HealthMonitor> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TimeSpan, string> _faults = []; // what was said last, by how long a report may take
    private HealthRun? _run;
    private (HealthReport Report, long TakenAt)? _latest;

    /// <summary>What the app's checks say, less this library's own.</summary>
    /// <param name="tags">Tags of the checks that count; empty for all.</param>
    /// <param name="maxAge">How old a report may be to serve again.</param>
    /// <param name="timeout">How long a report may take: one that takes longer is Unhealthy to who asks so, and not to who waits longer.</param>
    /// <param name="cancellationToken">Stops the waiting; others may share the run, so it goes on.</param>
    public ValueTask<AppHealth> GetAsync(
        IReadOnlyCollection<string> tags, TimeSpan maxAge, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var (latest, run) = GetReport(maxAge, timeout);
        return latest is null ? WaitAsync(run!.Report, tags, timeout, cancellationToken) : new(AppHealth.Of(latest, tags));
    }

    private async ValueTask<AppHealth> WaitAsync(Task<HealthReport> run, IReadOnlyCollection<string> tags, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var report = await run.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            NoFault(timeout);
            return AppHealth.Of(report, tags);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (IsNewFault(timeout, "slow"))
            {
                LogTooSlow(timeout);
            }

            var seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return new AppHealth(HealthStatus.Unhealthy, $"health checks took longer than {seconds} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (IsNewFault(timeout, e.GetType().ToString()))
            {
                LogFailed(e);
            }

            return new AppHealth(HealthStatus.Unhealthy, "health checks could not be run");
        }
    }

    // One line for each change, not one for each beat. Those who wait as long fare alike; others may fare otherwise, with the same checks.
    private bool IsNewFault(TimeSpan timeout, string fault)
    {
        lock (_gate)
        {
            var isNew = _faults.GetValueOrDefault(timeout) != fault;
            _faults[timeout] = fault;
            return isNew;
        }
    }

    private void NoFault(TimeSpan timeout)
    {
        lock (_gate)
        {
            _faults.Remove(timeout);
        }
    }

    // Either the report or the run that is to give it.
    private (HealthReport? Latest, HealthRun? Run) GetReport(TimeSpan maxAge, TimeSpan timeout)
    {
        HealthRun run;
        lock (_gate)
        {
            if (_latest is { } latest && time.GetElapsedTime(latest.TakenAt) <= maxAge)
            {
                _faults.Remove(timeout);
                return (latest.Report, null);
            }

            // A run that hangs is not joined by a second one: checks that ignore their token would pile up beat by beat.
            if (_run is { } underWay)
            {
                underWay.Join(timeout);
                return (null, underWay);
            }

            _run = run = new HealthRun(timeout, time);
        }

        _ = RunAsync(run);
        return (null, run);
    }

    private async Task RunAsync(HealthRun run)
    {
        try
        {
            var report = await checks.CheckHealthAsync(check => !OwnHealthChecks.Contains(check.Name), run.Limit).ConfigureAwait(false);
            Leave(run, report);
            run.End(report);
        }
        catch (Exception e)
        {
            Leave(run, null);
            run.Fail(e);
        }
    }

    // Nobody joins it any more.
    private void Leave(HealthRun run, HealthReport? report)
    {
        lock (_gate)
        {
            _run = null;
            _latest = report is null ? _latest : (report, run.StartedAt);
            run.Dispose();
        }
    }
}
