using System.Diagnostics;
using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>What this process, in which most of the apps are, and an app of its own hold, each time that all is well.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SoakMeasurements
{
    private const double Megabyte = 1024 * 1024;

    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly Series _heap = new("tests' process: managed heap after a full collection, MB", share: 0.05, slack: 1);
    private readonly Series _resident = new("tests' process: resident memory, MB", share: 0.05, slack: 5);
    private readonly Series _threads = new("tests' process: threads", share: 0, slack: 4);
    private readonly Series _descriptors = new("tests' process: descriptors", share: 0, slack: 8);
    private readonly Series _appResident = new("app in both registries: resident memory, MB", share: 0.05, slack: 5);
    private readonly Series _appThreads = new("app in both registries: threads", share: 0, slack: 4);
    private readonly Series _appDescriptors = new("app in both registries: descriptors", share: 0, slack: 4);

    public IReadOnlyList<Series> All => [_heap, _resident, _threads, _descriptors, _appResident, _appThreads, _appDescriptors];

    public void Take(int app)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives back what it can, so that what is resident is in use
        var at = Stopwatch.GetElapsedTime(_startedAt);
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        _heap.Add(at, (heap.HeapSizeBytes - heap.FragmentedBytes) / Megabyte);
        Add(at, ProcessCost.Of(Environment.ProcessId), _resident, _threads, _descriptors);
        Add(at, ProcessCost.Of(app), _appResident, _appThreads, _appDescriptors);
    }

    public void AssertFlat() => Assert.All(All, series => Assert.True(series.Growth <= series.Allowed, $"It goes on growing: {series}"));

    private static void Add(TimeSpan at, ProcessCost cost, Series resident, Series threads, Series descriptors)
    {
        resident.Add(at, cost.Resident / Megabyte);
        threads.Add(at, cost.Threads);
        descriptors.Add(at, cost.Descriptors);
    }
}
