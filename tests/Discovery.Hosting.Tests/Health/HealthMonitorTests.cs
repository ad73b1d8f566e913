using Discovery.Hosting.Health;
using Discovery.Hosting.Tests.Registration;
using Discovery.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Health;

public sealed class HealthMonitorTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    private readonly ScriptedHealth _health = new();
    private readonly FakeLogger<HealthMonitor> _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task GetAsync_OfTwoThatShareARun_GivesEachItsOwnTime()
    {
        var time = new FakeTimeProvider();
        var monitor = new HealthMonitor(_health, time, _log);
        var held = new TaskCompletionSource();
        _health.BeforeReport = token => held.Task.WaitAsync(token);
        var hasty = monitor.GetAsync([], TimeSpan.Zero, TimeSpan.FromSeconds(1), Cancellation).AsTask();
        var patient = monitor.GetAsync([], TimeSpan.Zero, TimeSpan.FromSeconds(20), Cancellation).AsTask();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new(HealthStatus.Unhealthy, "health checks took longer than 1 s"), await hasty);

        held.SetResult();

        Assert.Equal(new(HealthStatus.Healthy, null), await patient.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.Equal(1, _health.Reports);
    }

    [Fact]
    public async Task GetAsync_OfARunThatOutlastsAllWhoWait_EndsIt()
    {
        var time = new FakeTimeProvider();
        var monitor = new HealthMonitor(_health, time, _log);
        _health.BeforeReport = token => Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, token);
        for (var i = 1; i <= 3; i++)
        {
            var first = monitor.GetAsync([], TimeSpan.Zero, TimeSpan.FromSeconds(1), Cancellation).AsTask();
            time.Advance(TimeSpan.FromSeconds(0.5));
            var second = monitor.GetAsync([], TimeSpan.Zero, TimeSpan.FromSeconds(1), Cancellation).AsTask();
            Assert.Equal(i, _health.Reports);
            time.Advance(TimeSpan.FromSeconds(0.5)); // who joins a run does not prolong it: one whose checks hang would never end
            Assert.All(await Task.WhenAll(first, second), health => Assert.Equal(HealthStatus.Unhealthy, health.Status));
        }
    }

    [Fact]
    public async Task GetAsync_OfChecksThatAreTooSlowForOneTtlOnly_LogsThatOnce()
    {
        var time = new FakeTimeProvider();
        var monitor = new HealthMonitor(_health, time, _log);
        for (var i = 0; i < 3; i++)
        {
            var held = new TaskCompletionSource();
            _health.BeforeReport = token => held.Task.WaitAsync(token);
            var hasty = monitor.GetAsync([], TimeSpan.Zero, TimeSpan.FromSeconds(1), Cancellation).AsTask();
            var patient = monitor.GetAsync([], TimeSpan.Zero, TimeSpan.FromSeconds(20), Cancellation).AsTask();
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(HealthStatus.Unhealthy, (await hasty).Status);
            held.SetResult();
            Assert.Equal(HealthStatus.Healthy, (await patient).Status);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("HealthChecksTooSlow", Assert.Single(_log.Collector.GetSnapshot()).Id.Name);
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
