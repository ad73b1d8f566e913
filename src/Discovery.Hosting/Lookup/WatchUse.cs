namespace Discovery.Hosting.Lookup;

/// <summary>Whether a watch is in use: held by somebody, or lately asked.</summary>
internal sealed class WatchUse
{
    private const int Evicted = -1;

    private int _holders;
    private long _lastTurn;

    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    /// <summary>The turn in which the watch was last asked.</summary>
    public long LastTurn => Volatile.Read(ref _lastTurn);

    /// <summary>Notes that the watch is asked. Writes once a turn only, so that callers on other processors are not slowed down.</summary>
    public void Note(long turn)
    {
        if (_lastTurn != turn)
        {
            Volatile.Write(ref _lastTurn, turn);
        }
    }

    /// <summary>Keeps the watch from being evicted until <see cref="Release"/>. False where it already is.</summary>
    public bool TryHold()
    {
        int holders;
        do
        {
            holders = Volatile.Read(ref _holders);
            if (holders == Evicted)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _holders, holders + 1, holders) != holders);

        return true;
    }

    public void Release() => Interlocked.Decrement(ref _holders);

    /// <summary>From now on nobody can hold the watch. False while somebody does.</summary>
    public bool TryEvict() => Interlocked.CompareExchange(ref _holders, Evicted, 0) == 0;
}
