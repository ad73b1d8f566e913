using Grpc.Core;

namespace Discovery.Grpc.Calls;

/// <summary>A unary call with all its attempts, followed to its status, which is known in its trailers only.</summary>
internal sealed class FollowedCall
{
    private static readonly AsyncLocal<FollowedCall?> Ambient = new();

    private readonly Lock _gate = new();
    private PickedCall? _attempt;
    private List<string>? _tried;
    private bool _hasEnded;

    /// <summary>The call that is being made, as seen from within the channel; null where nobody follows it.</summary>
    public static FollowedCall? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>IDs of the instances that an attempt of the call has failed on; null for none.</summary>
    public IReadOnlyCollection<string>? Tried
    {
        get
        {
            lock (_gate)
            {
                return _tried?.ToArray();
            }
        }
    }

    /// <summary>An attempt: the first, another after a connection that was lost before the call was sent, or one by the channel's own retries or hedging.</summary>
    public void Begin(PickedCall attempt)
    {
        PickedCall? before;
        lock (_gate)
        {
            (before, _attempt) = (_attempt, _hasEnded ? null : attempt);
            if (before is { IsStarted: true })
            {
                _tried = [.. _tried ?? [], before.InstanceId];
            }
        }

        // One that is done and yet followed by another was answered with a status worth a retry; one that is not is hedged, and tells of itself.
        if (before is { IsStarted: false })
        {
            before.Report(PickOutcome.Cancelled);
        }
        else if (before is { IsCompleted: true })
        {
            before.Report(before.Error is null ? PickOutcome.Failed : CallOutcome.Of(before.Error));
        }
    }

    /// <summary>Whether the call's end tells what became of an attempt.</summary>
    public bool Follows(PickedCall attempt)
    {
        lock (_gate)
        {
            return attempt == _attempt;
        }
    }

    public void End(StatusCode status)
    {
        PickedCall? last;
        lock (_gate)
        {
            (last, _attempt, _hasEnded) = (_attempt, null, true);
        }

        last?.Report(!last.IsStarted ? PickOutcome.Cancelled : CallOutcome.IsConnectFailure(last.Error) ? PickOutcome.ConnectFailed : CallOutcome.Of(status));
    }
}
