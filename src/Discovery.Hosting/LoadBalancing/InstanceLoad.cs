namespace Discovery.Hosting.LoadBalancing;

/// <summary>What this process has learned of one incarnation of an instance by calling it.</summary>
/// <remarks>
/// Latency is a peak-sensitive moving average (Finagle's Peak EWMA): a slower answer counts at once, a faster one by how long ago
/// the last was. Finagle decays over 10 s and kratos over 0.6 s; here it is 1 s, so that an instance that is visited twice a second only, because
/// it was slow, is found to have recovered after some five seconds.
/// </remarks>
internal sealed class InstanceLoad(OutlierDetector detector) : IPickFeedback
{
    private const double DecaySeconds = 1;

    // A refused connection is the fastest answer of all: it must not look attractive.
    private static readonly long PenaltyTicks = TimeSpan.FromSeconds(1).Ticks;

    private readonly TimeProvider _time = detector.Time;
    private int _inFlight;
    private long _latencyTicks;
    private long _measuredAt;
    private long _lastPickedAt;
    private volatile Ejection? _ejection;

    /// <summary>When this process has come to know the incarnation, as a timestamp.</summary>
    public long CreatedAt { get; } = detector.Time.GetTimestamp();

    public int InFlight => Math.Max(0, Volatile.Read(ref _inFlight));

    public TimeSpan Latency => new(Volatile.Read(ref _latencyTicks));

    public long LastPickedAt => Volatile.Read(ref _lastPickedAt);

    public object? PolicyState { get; set; }

    public OutcomeCounts Outcomes { get; } = new();

    /// <summary>Set by whoever holds the watch's lock only, as are the next three.</summary>
    public Ejection? Ejection
    {
        get => _ejection;
        set => _ejection = value;
    }

    /// <summary>How often it was ejected lately.</summary>
    public int Ejections { get; set; }

    /// <summary>Since when it is in a slow start, as a timestamp, or null where it has its full share.</summary>
    public long? StartingSince { get; set; }

    /// <summary>The part of its weight that it has.</summary>
    public double Share { get; private set; } = 1;

    public void Begin(long timestamp)
    {
        Interlocked.Increment(ref _inFlight);
        Volatile.Write(ref _lastPickedAt, timestamp);
    }

    public void Report(in ServicePick pick, PickOutcome outcome)
    {
        if (pick.StartedAt != 0)
        {
            End(pick.StartedAt, outcome);
        }

        if (outcome is PickOutcome.Success)
        {
            Outcomes.Succeeded();
        }
        else if (outcome is not PickOutcome.Cancelled)
        {
            detector.Failed(this, pick.Instance.Id, outcome);
        }
    }

    /// <summary>Brings <see cref="Share"/> up to date.</summary>
    public void Ramp(SlowStartOptions options, long now)
    {
        Share = StartingSince is { } since ? SlowStart.ShareAfter(_time.GetElapsedTime(since, now), options) : 1;
        StartingSince = Share < 1 ? StartingSince : null;
    }

    private void End(long startedAt, PickOutcome outcome)
    {
        Interlocked.Decrement(ref _inFlight);
        var now = _time.GetTimestamp();
        var sample = Math.Max(1, _time.GetElapsedTime(startedAt, now).Ticks);
        if (outcome is PickOutcome.Cancelled && sample <= Volatile.Read(ref _latencyTicks))
        {
            // Nobody waited for the answer: it would have taken at least so long.
            return;
        }

        if (outcome is PickOutcome.ConnectFailed or PickOutcome.TimedOut)
        {
            sample = Math.Max(sample, PenaltyTicks);
        }

        // Two answers at once may lose one sample of the average; a lock would cost every call more than that is worth.
        var sinceLast = _time.GetElapsedTime(Volatile.Read(ref _measuredAt), now).TotalSeconds;
        Volatile.Write(ref _measuredAt, now);
        Volatile.Write(ref _latencyTicks, Next(Volatile.Read(ref _latencyTicks), sample, sinceLast));
    }

    private static long Next(long average, long sample, double sinceLast)
    {
        if (sample >= average)
        {
            return sample;
        }

        var kept = Math.Exp(-Math.Max(0, sinceLast) / DecaySeconds);
        return (long)(average * kept + sample * (1 - kept));
    }
}
