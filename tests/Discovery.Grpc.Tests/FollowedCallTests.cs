using Discovery.Grpc.Calls;
using Grpc.Core;

namespace Discovery.Grpc.Tests;

/// <summary>What each attempt of a call is reported as, once and no more.</summary>
public sealed class FollowedCallTests
{
    private readonly FollowedCall _call = new();
    private readonly Feedback _feedback = new();

    [Fact]
    public void End_OfACallAnsweredWithAFailingStatus_BlamesTheInstance()
    {
        var attempt = Begin("a");
        attempt.Start();
        attempt.Complete(new());
        Assert.Empty(_feedback.Reports);

        _call.End(StatusCode.Internal);

        Assert.Equal(["a Failed"], _feedback.Reports);
    }

    [Fact]
    public void End_OfACallThatWasNotSent_SaysNothing()
    {
        Begin("a");

        _call.End(StatusCode.DeadlineExceeded);

        Assert.Equal(["a Cancelled"], _feedback.Reports);
        Assert.Null(_call.Tried);
    }

    [Fact]
    public void Begin_AfterAnAttemptThatWasNotSent_TriesThatInstanceAgain()
    {
        Begin("a");
        Begin("a").Start();
        _call.End(StatusCode.OK);

        Assert.Equal(["a Cancelled", "a Success"], _feedback.Reports);
        Assert.Null(_call.Tried);
    }

    [Fact]
    public void Begin_AfterAnAttemptThatWasAnswered_IsARetryAndGoesElsewhere()
    {
        var first = Begin("a");
        first.Start();
        first.Complete(new());
        Begin("b").Start();
        Assert.Equal(["a"], _call.Tried!);

        _call.End(StatusCode.OK);

        Assert.Equal(["a Failed", "b Success"], _feedback.Reports);
    }

    [Fact]
    public void Begin_AfterAnAttemptThatIsUnderWay_IsHedgingAndBothAreReported()
    {
        var first = Begin("a");
        first.Start();
        Begin("b").Start();
        Assert.Empty(_feedback.Reports);

        _call.End(StatusCode.OK);
        first.Complete(new() { Error = new OperationCanceledException() });

        Assert.Equal(["b Success", "a Cancelled"], _feedback.Reports);
    }

    [Fact]
    public void Complete_WithoutAConnection_SaysSoWhateverTheStatus()
    {
        var attempt = Begin("a");
        attempt.Start();
        attempt.Complete(new() { Error = new HttpRequestException(HttpRequestError.ConnectionError) });

        _call.End(StatusCode.Unavailable);

        Assert.Equal(["a ConnectFailed"], _feedback.Reports);
    }

    [Fact]
    public void Complete_OfACallThatNobodyFollows_IsJudgedByItsHeaders()
    {
        var stream = PickedCall.Begin(null, Pick("a"), call: null);
        stream.Start();

        stream.Complete(new());

        Assert.Equal(["a Success"], _feedback.Reports);
    }

    [Fact]
    public void Begin_AnewForTheSameRequest_SettlesWhatWasNotSent()
    {
        using var request = new HttpRequestMessage();
        PickedCall.Begin(request, Pick("a"), call: null);

        PickedCall.Begin(request, Pick("b"), call: null).Start();

        Assert.Equal(["a Cancelled"], _feedback.Reports);
    }

    private PickedCall Begin(string id) => PickedCall.Begin(null, Pick(id), _call);

    private ServicePick Pick(string id)
    {
        var instance = new ServiceInstance { ServiceName = "greeter", Id = id, Endpoints = [new("grpc://10.0.0.1:1")] };
        return new(new PickTarget(instance, instance.Endpoints[0], _feedback));
    }

    private sealed class Feedback : IPickFeedback
    {
        public List<string> Reports { get; } = [];

        public void Report(in ServicePick pick, PickOutcome outcome) => Reports.Add($"{pick.Instance.Id} {outcome}");
    }
}
