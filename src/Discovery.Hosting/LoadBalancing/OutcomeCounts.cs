namespace Discovery.Hosting.LoadBalancing;

/// <summary>How calls to one incarnation of an instance have ended.</summary>
internal sealed class OutcomeCounts
{
    private long _successes;
    private long _failures;
    private int _failuresInARow;
    private int _connectFailuresInARow;
    private long _successesBefore;
    private long _failuresBefore;

    public long Successes => Volatile.Read(ref _successes);

    public long Failures => Volatile.Read(ref _failures);

    public void Succeeded()
    {
        Interlocked.Increment(ref _successes);
        if ((Volatile.Read(ref _failuresInARow) | Volatile.Read(ref _connectFailuresInARow)) != 0)
        {
            ForgetRow();
        }
    }

    /// <returns>How many calls, and how many connections, have now failed in a row.</returns>
    public (int Calls, int Connections) Failed(bool toConnect)
    {
        Interlocked.Increment(ref _failures);
        if (toConnect)
        {
            return (Interlocked.Increment(ref _failuresInARow), Interlocked.Increment(ref _connectFailuresInARow));
        }

        Volatile.Write(ref _connectFailuresInARow, 0);
        return (Interlocked.Increment(ref _failuresInARow), 0);
    }

    /// <summary>What follows is counted as a row of its own.</summary>
    public void ForgetRow()
    {
        Volatile.Write(ref _failuresInARow, 0);
        Volatile.Write(ref _connectFailuresInARow, 0);
    }

    /// <summary>What has ended since this was last asked. For one caller.</summary>
    public (long Successes, long Failures) TakeInterval()
    {
        var (successes, failures) = (Successes, Failures);
        var taken = (successes - _successesBefore, failures - _failuresBefore);
        (_successesBefore, _failuresBefore) = (successes, failures);
        return taken;
    }
}
