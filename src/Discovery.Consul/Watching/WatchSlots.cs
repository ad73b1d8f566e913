namespace Discovery.Consul.Watching;

/// <summary>
/// How many queries of one process may wait at the agent at a time. An agent takes 200 connections from one address over
/// HTTP/1.1, and a waiting query holds one. More watches than slots take turns, each waiting for less long.
/// </summary>
internal sealed class WatchSlots : IDisposable
{
    public const int Count = 128;

    /// <summary>
    /// How long a query waits where nothing changes. It is also how long a hung agent may go unnoticed, hence far below Consul's 5 min;
    /// and each wait ends with the whole list, hence not shorter.
    /// </summary>
    public static readonly TimeSpan FullWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _free = new(Count);
    private int _watches;

    public TimeSpan Wait => FullWait * Math.Min(1.0, (double)Count / Math.Max(1, Volatile.Read(ref _watches)));

    public void Join() => Interlocked.Increment(ref _watches);

    public void Leave() => Interlocked.Decrement(ref _watches);

    public Task EnterAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    public void Exit() => _free.Release();

    public void Dispose() => _free.Dispose();
}
