namespace Discovery.Consul.Watching;

/// <summary>
/// How many queries of one process may wait at the agent at a time. Over HTTP/1.1 a waiting query holds a connection, and an agent
/// takes 200 of them from one address, which all processes of a host share. More watches than slots take turns, in the order in
/// which they came, each waiting for less long.
/// </summary>
/// <remarks>
/// Where <see cref="ConsulOptions.MaxConnections"/> is 24, 16 may wait, and up to 16 services are followed at once. Measured with 100 (Consul
/// 1.8.7, two busy cores): a change is seen after 2 s on average and 3.5 s at most, for 24 connections and 20 queries a second. With a slot for
/// each it would be seen at once, for 10 queries a second, and two such processes would leave nothing to the others of their host.
/// A query that began to wait while there were slots enough holds its own for up to <see cref="FullWait"/>, once.
/// </remarks>
/// <param name="maxConnections">How many connections the process may have.</param>
internal sealed class WatchSlots(int maxConnections) : IDisposable
{
    /// <summary>Over HTTP/2 all share a connection, of which an agent lets 250 calls be under way.</summary>
    public const int MultiplexedCount = 128;

    /// <summary>
    /// How long a query waits where nothing changes. It is also how long a hung agent may go unnoticed, hence far below Consul's 5 min;
    /// and each wait ends with the whole list, hence not shorter.
    /// </summary>
    public static readonly TimeSpan FullWait = TimeSpan.FromSeconds(10);

    /// <summary>How soon each watch has its turn again, as long as that does not take too many queries.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private const int MaxQueriesPerSecond = 100;

    /// <summary>Registering, beats and lists must not stand behind the queries that wait.</summary>
    private const int MaxReserved = 8;

    private readonly SemaphoreSlim _free = new(CountFor(maxConnections));
    private int _count = CountFor(maxConnections);
    private int _watches;

    public int Count => Volatile.Read(ref _count);

    public TimeSpan Wait
    {
        get
        {
            var (watches, count) = (Volatile.Read(ref _watches), Count);
            if (watches <= count)
            {
                return FullWait;
            }

            var round = TimeSpan.FromSeconds(Math.Max(Round.TotalSeconds, (double)watches / MaxQueriesPerSecond));
            return round * ((double)count / watches);
        }
    }

    public void Join() => Interlocked.Increment(ref _watches);

    public void Leave() => Interlocked.Decrement(ref _watches);

    public Task EnterAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    public void Exit() => _free.Release();

    /// <summary>The agent speaks HTTP/2: waiting costs no connection.</summary>
    public void Multiplex()
    {
        if (Count < MultiplexedCount && Interlocked.Exchange(ref _count, MultiplexedCount) is var before and < MultiplexedCount)
        {
            _free.Release(MultiplexedCount - before);
        }
    }

    public void Dispose() => _free.Dispose();

    private static int CountFor(int maxConnections) => maxConnections - Math.Min(MaxReserved, maxConnections / 3);
}
