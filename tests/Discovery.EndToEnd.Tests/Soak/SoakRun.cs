using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix;
using Discovery.EndToEnd.Tests.FailureMatrix.Faults;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>Plays rows of the failure matrix, one after another with each registry, on the same apps.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SoakRun(int seed, TimeSpan lasts) : IAsyncDisposable
{
    private readonly SoakPlan _plan = new(seed);
    private readonly SoakMeasurements _measurements = new();
    private readonly SoakReport _report = new(seed);
    private readonly UnobservedExceptions _unobserved = new();
    private Stage? _consul;
    private Stage? _etcd;
    private AppsInBoth? _both;

    private static TimeSpan Bound => TimeSpan.FromSeconds(20);

    public async Task PlayAsync()
    {
        _consul = await Stage.SetAsync(new Row("Consul", Standing) { HasFront = true, HasRetries = true });
        _etcd = await Stage.SetAsync(new Row("Etcd", Standing) { HasRetries = true });
        _both = await AppsInBoth.StartAsync(_consul, _etcd);
        _report.Begin(await SoakVersions.AskAsync(_consul.Registry.Address, _etcd.Registry.Address));
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            while (Stopwatch.GetElapsedTime(startedAt) < lasts)
            {
                await StepAsync(_plan.Next());
                await _measurements.TakeAsync(_both, TestContext.Current.CancellationToken);
                AssertAllObserved();
            }
        }
        finally
        {
            _report.End(Stopwatch.GetElapsedTime(startedAt), _measurements); // one that fails has measured something as well
        }

        await LeaveAsync();
        AssertAllObserved();
        _measurements.AssertFlat();
    }

    public async ValueTask DisposeAsync()
    {
        _unobserved.Dispose();
        foreach (var part in (IAsyncDisposable?[])[_both, _consul, _etcd])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    /// <summary>What a stage needs for all of the faults that are to come.</summary>
    private static Fault Standing { get; } = new("none yet") { BeforeAsync = ServerFaults.RestoredFromBackup.BeforeAsync };

    private async Task StepAsync((SoakPart? Consul, SoakPart? Etcd) step)
    {
        _report.Step(step.Consul, step.Etcd);
        var phase = _both!.Caller.Begin(_both.Ids);
        await Task.WhenAll(PlayAsync(_consul!, step.Consul), PlayAsync(_etcd!, step.Etcd));
        Row[] rows = [.. new[] { step.Consul?.Row, step.Etcd?.Row }.OfType<Row>()];

        // Who stands in both is lost to callers only where both registries lose it, as they may while both come back at the same time; whoever hangs
        // keeps its callers waiting, wherever it was found.
        phase.AssertDuring(new Row("both", Standing)
        {
            Sight = Sight.Either,
            KeepsAll = rows.Length < 2,
            IsAnswered = rows.All(row => row.IsAnswered),
        });
        await _both.AllKnownAsync(Bound);
        _report.Called(phase);
    }

    private async Task PlayAsync(Stage stage, SoakPart? part)
    {
        if (part is null)
        {
            return;
        }

        await Task.Delay(part.Offset, TestContext.Current.CancellationToken); // as much part of the step as the fault
        try
        {
            _report.Recovered(part.Row, await new MatrixRun(part.Row, stage).PlayAsync());
            await stage.RenewProcessAsync(part.Row);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Step {_report.Steps} of seed {seed}, {part.Row} for {part.Row.Lasts}: {e.Message}"), e);
        }
    }

    private void AssertAllObserved() =>
        Assert.True(_unobserved.Collect().Count == 0, $"Step {_report.Steps} of seed {seed}, unobserved: {string.Join('\n', _unobserved.Collect())}");

    private async Task LeaveAsync()
    {
        await _both!.DisposeAsync();
        _both = null;
        await MatrixRun.AssertNothingIsLeftAsync(_consul!);
        await MatrixRun.AssertNothingIsLeftAsync(_etcd!);
    }
}
