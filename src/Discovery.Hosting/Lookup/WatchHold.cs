namespace Discovery.Hosting.Lookup;

/// <summary>Keeps a watch from being evicted while somebody waits for it.</summary>
internal readonly struct WatchHold(WatchTable watches, string serviceName) : IDisposable
{
    public ServiceWatch Watch { get; } = watches.Hold(serviceName);

    public void Dispose() => Watch.Use.Release();
}
