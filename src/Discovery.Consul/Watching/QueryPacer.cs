namespace Discovery.Consul.Watching;

/// <summary>
/// Paces one watch's queries by what they cost the servers: a token bucket that a query pays from after the fact. A list of
/// 10,000 instances costs a server 185 ms, and a query for a service that does not exist is woken by every change in the
/// catalog; unpaced, one watcher of either keeps a server busy.
/// </summary>
internal sealed class QueryPacer(TimeProvider timeProvider)
{
    /// <summary>Small answers with something new in them: 20 in a second.</summary>
    private const double TokensPerSecond = 20;

    private const double Burst = 50;

    /// <summary>Large answers: 7 MB in a second, that is 10,000 instances each 1.6 s. A server then works a quarter of what it does for a watcher that never waits.</summary>
    private const double BytesPerToken = 350_000;

    /// <summary>Answers with nothing new in them: 2 in a second.</summary>
    private const double FruitlessCost = 9;

    private double _tokens = Burst;
    private long _filledAt = timeProvider.GetTimestamp();

    /// <summary>How long the next query has to wait.</summary>
    public TimeSpan Due()
    {
        var now = timeProvider.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds * TokensPerSecond));
        _filledAt = now;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / TokensPerSecond);
    }

    /// <summary>Pays for an answer.</summary>
    public void Charge(int bytes, bool isFruitful) => _tokens -= 1 + (bytes / BytesPerToken) + (isFruitful ? 0 : FruitlessCost);

    public Task WaitAsync(CancellationToken cancellationToken) =>
        Due() is var due && due > TimeSpan.Zero ? Task.Delay(due, timeProvider, cancellationToken) : Task.CompletedTask;
}
