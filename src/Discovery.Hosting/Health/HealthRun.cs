using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Health;

/// <summary>One run of the app's health checks, for all who ask while it is under way. It may take as long as the most patient of them would wait from its beginning on.</summary>
/// <remarks>Not for several threads at once, but for <see cref="Report"/>.</remarks>
internal sealed class HealthRun : IDisposable
{
    private readonly TaskCompletionSource<HealthReport> _report = new();
    private readonly CancellationTokenSource _limit = new();
    private readonly ITimer _limiting;
    private readonly TimeProvider _time;
    private TimeSpan _longest;

    public HealthRun(TimeSpan timeout, TimeProvider time)
    {
        _time = time;
        _longest = timeout;
        StartedAt = time.GetTimestamp();
        Limit = _limit.Token;
        _limiting = time.CreateTimer(static limit => ((CancellationTokenSource)limit!).Cancel(), _limit, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock's timestamp.</summary>
    public long StartedAt { get; }

    /// <summary>Cancelled when it has taken too long.</summary>
    public CancellationToken Limit { get; }

    /// <summary>Ends with the report, or with what the checks threw.</summary>
    public Task<HealthReport> Report => _report.Task;

    /// <summary>Another one asks, who gives it so much time from its beginning on: not from now on, or a run that hangs would be prolonged beat by beat.</summary>
    public void Join(TimeSpan timeout)
    {
        if (timeout > _longest && !Limit.IsCancellationRequested)
        {
            _longest = timeout;
            var left = timeout - _time.GetElapsedTime(StartedAt);
            _limiting.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void End(HealthReport report) => _report.SetResult(report);

    public void Fail(Exception error)
    {
        _report.SetException(error);
        _ = _report.Task.Exception; // whoever waited for it may have given up
    }

    // Not the source: the timer's last call may be under way and still cancel it, and without a timer of its own it holds nothing.
    public void Dispose() => _limiting.Dispose();
}
