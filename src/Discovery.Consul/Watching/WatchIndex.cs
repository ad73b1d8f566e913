namespace Discovery.Consul.Watching;

/// <summary>
/// Where a watch stands. The rules are those of Consul's blocking queries: never below 1, and from the beginning again when
/// it goes backwards (the servers were restored or wiped, or another one answers that is behind).
/// </summary>
internal sealed class WatchIndex
{
    /// <summary>What to ask with; 0 for an answer at once, whatever it is.</summary>
    public long Value { get; private set; }

    /// <summary>Takes the index of an answer; false when it went backwards, and the answer is not to be trusted.</summary>
    public bool TryAdvance(long answered)
    {
        answered = Math.Max(1, answered);
        var isForward = answered >= Value;
        Value = isForward ? answered : 0;
        return isForward;
    }
}
