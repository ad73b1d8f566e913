using Grpc.Core;

namespace Discovery.Etcd.Watches;

/// <summary>
/// Notices that a stream has gone silent. A member that hangs keeps its connections, and pings tell no sooner than after 13 s:
/// so a stream that has brought nothing for a while is asked for its progress, and must answer.
/// </summary>
/// <param name="firstAnswer">How long the first response may take.</param>
/// <param name="time">The clock.</param>
internal sealed class WatchLiveness(TimeSpan firstAnswer, TimeProvider time)
{
    /// <summary>The silence after which the stream is asked.</summary>
    public static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(1.5);

    /// <summary>How long its answer may take.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

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
    /// <param name="ask">Asks the stream for its progress; false when it serves nobody and may be silent.</param>
    /// <param name="cancellationToken">Ends it with the stream.</param>
    /// <exception cref="RpcException">The stream was silent for too long.</exception>
    public async Task WatchAsync(Func<bool> ask, CancellationToken cancellationToken)
    {
        var askedAfter = -1L;
        while (true)
        {
            var heardAt = Interlocked.Read(ref _heardAt);
            var limit = !_hasHeard ? firstAnswer : askedAfter == heardAt ? AskAfter + AnswerWithin : AskAfter;
            var left = limit - time.GetElapsedTime(heardAt);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, cancellationToken).ConfigureAwait(false);
            }
            else if (_hasHeard && askedAfter != heardAt)
            {
                askedAfter = heardAt;
                if (!ask())
                {
                    Heard();
                }
            }
            else
            {
                WasSilent = true;
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"the watch stream was silent for {limit.TotalSeconds} s"));
            }
        }
    }
}
