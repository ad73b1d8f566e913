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
    private TaskCompletionSource<HealthReport>? _run;
    private (HealthReport Report, long TakenAt)? _latest;
    private string? _lastFault;

    /// <summary>What the app's checks say, less this library's own.</summary>
    /// <param name="tags">Tags of the checks that count; empty for all.</param>
    /// <param name="maxAge">How old a report may be to serve again.</param>
    /// <param name="timeout">How long a report may take: one that takes longer is Unhealthy.</param>
    /// <param name="cancellationToken">Stops the waiting; others may share the run, so it goes on.</param>
    public ValueTask<AppHealth> GetAsync(
        IReadOnlyCollection<string> tags, TimeSpan maxAge, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var (latest, run) = GetReport(maxAge, timeout);
        if (latest is null)
        {
            return WaitAsync(run!, tags, timeout, cancellationToken);
        }

        IsNewFault(null);
        return new(AppHealth.Of(latest, tags));
    }

    private async ValueTask<AppHealth> WaitAsync(Task<HealthReport> run, IReadOnlyCollection<string> tags, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var report = await run.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            IsNewFault(null);
            return AppHealth.Of(report, tags);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (IsNewFault("slow"))
            {
                LogTooSlow(timeout);
            }

            var seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return new AppHealth(HealthStatus.Unhealthy, $"health checks took longer than {seconds} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (IsNewFault(e.GetType().FullName))
            {
                LogFailed(e);
            }

            return new AppHealth(HealthStatus.Unhealthy, "health checks could not be run");
        }
    }

    // One line for each change, not one for each beat.
    private bool IsNewFault(string? fault) => Interlocked.Exchange(ref _lastFault, fault) != fault;

    // Either the report or the run that is to give it.
    private (HealthReport? Latest, Task<HealthReport>? Run) GetReport(TimeSpan maxAge, TimeSpan timeout)
    {
        TaskCompletionSource<HealthReport> run;
        lock (_gate)
        {
            if (_latest is { } latest && time.GetElapsedTime(latest.TakenAt) <= maxAge)
            {
                return (latest.Report, null);
            }

            // A run that hangs is not joined by a second one: checks that ignore their token would pile up beat by beat.
            if (_run is { Task.IsCompleted: false } underWay)
            {
                return (null, underWay.Task);
            }

            _run = run = new TaskCompletionSource<HealthReport>();
        }

        _ = RunAsync(run, timeout);
        return (null, run.Task);
    }

    private async Task RunAsync(TaskCompletionSource<HealthReport> run, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        var startedAt = time.GetTimestamp();
        try
        {
            var report = await checks.CheckHealthAsync(check => !OwnHealthChecks.Contains(check.Name), limit.Token).ConfigureAwait(false);
            lock (_gate)
            {
                _latest = (report, startedAt);
            }

            run.SetResult(report);
        }
        catch (Exception e)
        {
            run.SetException(e);
            _ = run.Task.Exception; // whoever waited for it may have given up
        }
    }
}
