using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc.Calls;

/// <summary>One attempt of a call at the instance that was picked for it, as the channel tells of it: up to its headers, and no further.</summary>
internal sealed class PickedCall : ISubchannelCallTracker
{
    private static readonly HttpRequestOptionsKey<PickedCall> Key = new("Discovery.PickedCall");

    private readonly ServicePick _pick;
    private readonly FollowedCall? _call;
    private int _isReported;

    private PickedCall(in ServicePick pick, FollowedCall? call)
    {
        _pick = pick;
        _call = call;
    }

    public string InstanceId => _pick.Instance.Id;

    /// <summary>Whether it was sent: a connection may be lost between the pick and the call.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Whether its headers have come, or it has failed before them.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>What it failed with before its headers; null where they have come.</summary>
    public Exception? Error { get; private set; }

    /// <param name="request">The attempt's request; null where the channel has none.</param>
    /// <param name="pick">The instance.</param>
    /// <param name="call">The call, where it is followed to its end.</param>
    public static PickedCall Begin(HttpRequestMessage? request, in ServicePick pick, FollowedCall? call)
    {
        var picked = new PickedCall(pick, call);
        if (request is not null)
        {
            // A call that was not sent is picked anew for the same request, and its tracker never hears of it.
            if (request.Options.TryGetValue(Key, out var earlier) && !earlier.IsStarted)
            {
                earlier.Report(PickOutcome.Cancelled);
            }

            request.Options.Set(Key, picked);
        }

        call?.Begin(picked);
        return picked;
    }

    public void Start() => IsStarted = true;

    public void Complete(CompletionContext context)
    {
        Error = context.Error;
        IsCompleted = true;
        if (_call is null || !_call.Follows(this))
        {
            Report(CallOutcome.Of(Error));
        }
    }

    public void Report(PickOutcome outcome)
    {
        if (Interlocked.Exchange(ref _isReported, 1) == 0)
        {
            _pick.Report(outcome);
        }
    }
}
