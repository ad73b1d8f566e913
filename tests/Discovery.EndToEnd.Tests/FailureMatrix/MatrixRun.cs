using System.Diagnostics;
using System.Globalization;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Plays one row: all is well, the fault comes, lasts and ends, all is well again.</summary>
internal sealed class MatrixRun(Row row, Stage stage)
{
    // Wide enough for a machine that is busy with other tests, and far below what a loop without a pause would use.
    private const double HighestLoad = 0.5;
    private const double MostRegistryCallsPerSecond = 10;
    private const double MostConnectionsPerSecond = 40;
    private const int MostMoreThreads = 15;
    private const int MostMoreDescriptors = 20;

    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(15);

    private bool _isProcessWhole = true;

    private string Logs => string.Join('\n', [.. stage.Copies.Select(copy => copy.Log), stage.Process.Process.Output.Tail()]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Plays it on a stage of its own, and sees that nothing is left there.</summary>
    public static async Task PlayAsync(Row row)
    {
        await using var stage = await Stage.SetAsync(row);
        MatrixTable.Recovered(row, await new MatrixRun(row, stage).PlayAsync());
        await AssertNothingIsLeftAsync(stage);
    }

    /// <summary>All leave, as apps do: the registry has none of them for healthy then, and no connection is open.</summary>
    public static async Task AssertNothingIsLeftAsync(Stage stage)
    {
        await stage.ExitAsync();
        await Eventually.HoldsAsync(() => stage.Proxies.Sum(proxy => proxy.HeldByClientsCount) == 0, cancellationToken: Cancellation);
        Assert.Empty(await stage.ListHealthyAsync());
    }

    /// <summary>Plays it on a stage where all is well, and is again afterwards.</summary>
    /// <returns>How soon after the fault's end.</returns>
    public async Task<TimeSpan> PlayAsync()
    {
        var before = await ReadCostAsync();
        var ids = stage.Living.ToList();
        await stage.AllKnownAsync(); // on a machine that is overrun, a copy may have missed its Ttl since they were set up
        var during = stage.Caller.Begin(ids);
        await row.Fault.InjectAsync(stage);
        _isProcessWhole = stage.Living.Contains(stage.Process.Id) && !row.Leaves;
        during = stage.Living.Count == ids.Count && !row.Leaves ? during : stage.Caller.Begin([.. stage.Living.Where(id => id != stage.Process.Id || !row.Leaves)]);
        await LastAsync();

        var after = stage.Caller.Begin([]);
        Write($"during: {during}\n{Logs}");
        during.AssertDuring(row);
        await row.Fault.MendAsync(stage);
        var recovery = await RecoverAsync();
        Write($"recovered after {recovery.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s; after: {after}");
        after.AssertAnswered();
        await row.Fault.VerifyAsync(stage);
        await AssertOthersAsync();
        await AssertNothingLeaksAsync(before);
        return recovery;
    }

    private static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <summary>The fault is there; it is shown to be, by the end too, and nobody spins meanwhile.</summary>
    private async Task LastAsync()
    {
        await row.Fault.ProveAsync(stage);
        var startedAt = Stopwatch.GetTimestamp();
        var calls = stage.Copies.Sum(copy => copy.RegistryCalls);
        var connections = stage.Proxies.Sum(proxy => proxy.AcceptedCount);
        var cost = _isProcessWhole ? ProcessCost.Of(stage.Process.Process.Id) : null;
        if (row.Leaves)
        {
            Assert.Equal(0, await stage.Process.SignalAsync(Signal.Terminate, StopBound));
            stage.Lose(stage.Process.Id);
        }

        // The passing of time is part of the fault, and there is nothing to poll for.
        var left = row.Lasts - Stopwatch.GetElapsedTime(startedAt);
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, Cancellation);
        var seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        var load = cost is null ? 0 : ProcessCost.Of(stage.Process.Process.Id).LoadSince(cost);
        var callRate = (stage.Copies.Sum(copy => copy.RegistryCalls) - calls) / seconds / stage.Copies.Count / (1 + stage.Others.Count);
        var connectionRate = (stage.Proxies.Sum(proxy => proxy.AcceptedCount) - connections) / seconds / (1 + stage.Others.Count);
        Write(string.Create(CultureInfo.InvariantCulture, $"load {load:0.00}, {callRate:0.0} calls/s of a registration, {connectionRate:0.0} connections/s"));
        Assert.InRange(load, 0, HighestLoad);
        Assert.InRange(callRate, 0, MostRegistryCallsPerSecond);
        Assert.InRange(connectionRate, 0, MostConnectionsPerSecond);
    }

    /// <summary>Waits until the registry's own answer and the caller's agree on exactly those who live, and have done so for a Ttl.</summary>
    /// <returns>When they began to, from the end of the fault on.</returns>
    private async Task<TimeSpan> RecoverAsync()
    {
        var mendedAt = Stopwatch.GetTimestamp();
        var wellSince = mendedAt;
        string? amiss;
        do
        {
            amiss = await TryFindAmissAsync();
            var now = Stopwatch.GetTimestamp();
            wellSince = amiss is null ? wellSince : now;
            Assert.True(Stopwatch.GetElapsedTime(mendedAt, wellSince) < row.Bound, $"Not well within {row.Bound}: {amiss}\n{Logs}");
            await Task.Delay(50, Cancellation);
        }
        while (Stopwatch.GetElapsedTime(wellSince) < Stage.Ttl);
        return Stopwatch.GetElapsedTime(mendedAt, wellSince);
    }

    // A registry that cannot be asked is amiss as well, for as long as the bound allows.
    private async Task<string?> TryFindAmissAsync()
    {
        try
        {
            return await FindAmissAsync();
        }
        catch (InvalidOperationException e)
        {
            return $"the registry cannot be asked: {e.Message}";
        }
    }

    private async Task<string?> FindAmissAsync()
    {
        var expected = stage.Living.Order(StringComparer.Ordinal).ToList();
        var known = await stage.Caller.Discovery.GetInstancesAsync(Stage.Service, Cancellation);
        var found = known.Instances.Select(instance => instance.Id).Order(StringComparer.Ordinal).ToList();
        var registered = await stage.ListHealthyAsync();
        return !registered.SequenceEqual(expected) ? $"the registry has [{string.Join(", ", registered.Take(10))}], and [{string.Join(", ", expected)}] live"
            : !found.SequenceEqual(expected) ? $"the caller has [{string.Join(", ", found)}], and [{string.Join(", ", expected)}] live"
            : known.Source != SnapshotSource.Live || known.Age != TimeSpan.Zero ? $"the caller's set is {known.Source}, {known.Age} old"
            : null;
    }

    private async Task AssertOthersAsync()
    {
        foreach (var other in stage.Others)
        {
            var expected = stage.Copies.Select(copy => $"{other}-{copy.Address.Port}").Order(StringComparer.Ordinal).ToList();
            Assert.Equal(expected, await stage.ListHealthyAsync(other));
            await Eventually.IsAsync(
                async () => await stage.Caller.Discovery.GetInstancesAsync(other, Cancellation),
                known => known.Source == SnapshotSource.Live && known.Instances.Select(instance => instance.Id).Order(StringComparer.Ordinal).SequenceEqual(expected),
                row.Bound, Cancellation);
        }
    }

    private async Task<ProcessCost> ReadCostAsync()
    {
        await stage.Process.LookAsync(Stage.Service); // what a request needs is loaded by the first one
        return ProcessCost.Of(stage.Process.Process.Id);
    }

    private async Task AssertNothingLeaksAsync(ProcessCost before)
    {
        if (_isProcessWhole)
        {
            var now = await ReadCostAsync();
            Write($"threads {before.Threads} -> {now.Threads}, descriptors {before.Descriptors} -> {now.Descriptors}, connections {string.Join('/', stage.Proxies.Select(proxy => proxy.OpenCount))}");
            Assert.InRange(now.Threads, 0, before.Threads + MostMoreThreads);
            Assert.InRange(now.Descriptors, 0, before.Descriptors + MostMoreDescriptors);
        }
    }
}
