using System.Diagnostics;
using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>
/// What this process, in which most of the apps are, and an app of its own hold, each time that all is well: of memory, what is left after all garbage is collected. Without
/// that, what is resident says how much garbage a collector puts up with, not what is kept.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SoakMeasurements
{
    private const double Megabyte = 1024 * 1024;

    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly Series _heap = new("tests' process: managed heap after a full collection, MB", share: 0.05, slack: 1);
    private readonly Series _resident = new("tests' process: resident memory, MB", share: 0.05, slack: 5);
    private readonly Series _threads = new("tests' process: threads", share: 0, slack: 4);
    private readonly Series _descriptors = new("tests' process: descriptors", share: 0, slack: 8);
    private readonly Series _appHeap = new("app in both registries: managed heap after a full collection, MB", share: 0.05, slack: 1);
    private readonly Series _appResident = new("app in both registries: resident memory, MB", share: 0.05, slack: 5);
    private readonly Series _appThreads = new("app in both registries: threads", share: 0, slack: 4);
    private readonly Series _appDescriptors = new("app in both registries: descriptors", share: 0, slack: 4);

    public IReadOnlyList<Series> All => [_heap, _resident, _threads, _descriptors, _appHeap, _appResident, _appThreads, _appDescriptors];

    public async Task TakeAsync(AppsInBoth apps, CancellationToken cancellationToken)
    {
        var at = Stopwatch.GetElapsedTime(_startedAt);
        _heap.Add(at, MemoryProbe.Collect() / Megabyte);
        _appHeap.Add(at, await apps.MemoryOfProcessAsync(cancellationToken) / Megabyte);
        Add(at, ProcessCost.Of(Environment.ProcessId), _resident, _threads, _descriptors);
        Add(at, ProcessCost.Of(apps.Process.Process.Id), _appResident, _appThreads, _appDescriptors);
    }

    public void AssertFlat() => Assert.All(All, series => Assert.True(series.Growth <= series.Allowed, $"It goes on growing: {series}"));

    private static void Add(TimeSpan at, ProcessCost cost, Series resident, Series threads, Series descriptors)
    {
        resident.Add(at, cost.Resident / Megabyte);
        threads.Add(at, cost.Threads);
        descriptors.Add(at, cost.Descriptors);
    }
}
