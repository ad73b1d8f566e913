using Grpc.Core;

namespace Discovery.Etcd.Watching;

/// <summary>
/// Notices that a stream has gone silent. A member that hangs keeps its connections, and pings tell no sooner than after 13 s:
/// so a stream that has brought nothing for a while is asked something, and must answer.
/// </summary>
/// <param name="firstAnswer">How long the first response may take.</param>
/// <param name="time">The clock.</param>
internal sealed class WatchLiveness(TimeSpan firstAnswer, TimeProvider time)
{
    /// <summary>The silence after which the stream is asked, where it serves who wants to know what others do.</summary>
    public static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// That after which it is asked where it serves nothing but keys of our own. Their lease is kept alive over the same connection, which finds out sooner whether that and
    /// the member live; left to find out is a member that serves its leases and not its watches.
    /// </summary>
    public static readonly TimeSpan AskOwnKeysAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long its answer may take.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    // A delay is cut to whole milliseconds: less than one is none, and waiting for it would be a loop that never waits.
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);

    private long _heardAt = time.GetTimestamp();
    private volatile bool _hasHeard;

    public bool HasHeard => _hasHeard;

    public bool WasSilent { get; private set; }

    public void Heard()
    {
        Interlocked.Exchange(ref _heardAt, time.GetTimestamp());
        _hasHeard = true;
    }

    /// <summary>Watches over the stream.</summary>
    /// <param name="askAfter">The silence after which it is asked now: it changes with whom it serves.</param>
    /// <param name="ask">Asks the stream something; false when it serves nobody and may be silent.</param>
    /// <param name="cancellationToken">Ends it with the stream.</param>
    /// <exception cref="RpcException">The stream was silent for too long.</exception>
    public async Task WatchAsync(Func<TimeSpan> askAfter, Func<bool> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            var heardAt = Interlocked.Read(ref _heardAt);
            var hasHeard = _hasHeard;
            var limit = hasHeard ? askAfter() : firstAnswer;
            var left = limit - time.GetElapsedTime(heardAt);
            if (left >= ShortestDelay)
            {
                // No longer than for the most impatient, who may come meanwhile.
                await Task.Delay(left < AskAfter ? left : AskAfter, time, cancellationToken).ConfigureAwait(false);
            }
            else if (!hasHeard)
            {
                throw Silent(firstAnswer);
            }
            else if (!ask())
            {
                Heard();
            }
            else
            {
                await Task.Delay(AnswerWithin, time, cancellationToken).ConfigureAwait(false);
                if (Interlocked.Read(ref _heardAt) == heardAt)
                {
                    throw Silent(limit + AnswerWithin);
                }
            }
        }
    }

    private RpcException Silent(TimeSpan limit)
    {
        WasSilent = true;
        return new RpcException(new Status(StatusCode.DeadlineExceeded, $"the watch stream was silent for {limit.TotalSeconds} s"));
    }
}
