using Discovery.Hosting.Health;
using Discovery.Hosting.Tests.Registration;
using Discovery.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Testing;

namespace Discovery.Hosting.Tests.Health;

public sealed class HealthMonitorTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    private readonly ScriptedHealth _health = new();
    private readonly FakeLogger<HealthMonitor> _log = new();

    [Fact]
    public async Task GetAsync_OfChecksThatHangOrFail_LogsEachOnceUntilTheyAnswerAgain()
    {
        var monitor = new HealthMonitor(_health, TimeProvider.System, _log);
        _health.BeforeReport = token => Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, token);
        await ReportsAsync(monitor, "health checks took longer than 0.1 s");
        _health.BeforeReport = _ => throw new InvalidOperationException("broken");
        await ReportsAsync(monitor, "health checks could not be run");
        _health.BeforeReport = _ => Task.CompletedTask;
        await ReportsAsync(monitor, null);
        _health.BeforeReport = token => Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, token);
        await ReportsAsync(monitor, "health checks took longer than 0.1 s");

        Assert.Equal(
            ["HealthChecksTooSlow", "HealthChecksFailed", "HealthChecksTooSlow"],
            _log.Collector.GetSnapshot().Select(record => record.Id.Name));
    }

    // Several in a row: the first may still be of a run that was under way.
    private static async Task ReportsAsync(HealthMonitor monitor, string? note)
    {
        var expected = new AppHealth(note is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, note);
        for (var i = 0; i < 3; i++)
        {
            await Eventually.IsAsync(
                () => monitor.GetAsync([], TimeSpan.Zero, Timeout, TestContext.Current.CancellationToken).AsTask(),
                health => health == expected,
                cancellationToken: TestContext.Current.CancellationToken);
        }
    }
}
