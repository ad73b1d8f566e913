namespace Discovery.Tests;

public sealed class ServicePickTests
{
    private static readonly ServiceInstance Instance = new() { ServiceName = "orders", Id = "one", Endpoints = [new Uri("http://10.0.0.1")] };
    private static readonly PickTarget Target = new(Instance, Instance.Endpoints[0]);

    [Fact]
    public void Report_WithFeedback_TellsPickAndOutcome()
    {
        var feedback = new Feedback();
        var pick = new ServicePick(new PickTarget(Instance, Instance.Endpoints[0], feedback), startedAt: 5);

        pick.Report(PickOutcome.TimedOut);

        Assert.Equal([(pick, PickOutcome.TimedOut)], feedback.Reports);
    }

    [Fact]
    public void Report_NobodyWantsToKnow_DoesNothing()
    {
        new ServicePick(Target).Report(PickOutcome.Failed);
        default(ServicePick).Report(PickOutcome.Failed);
    }

    [Fact]
    public void Equals_PickedAtAnotherMoment_IsFalse()
    {
        var pick = new ServicePick(Target, startedAt: 5);

        Assert.True(pick == new ServicePick(Target, startedAt: 5));
        Assert.True(pick != new ServicePick(Target, startedAt: 6));
        Assert.True(pick != default);
    }

    [Fact]
    public void GetHashCode_OfEqualPicks_IsEqual() =>
        Assert.Equal(new ServicePick(Target, startedAt: 5).GetHashCode(), new ServicePick(Target, startedAt: 5).GetHashCode());

    private sealed class Feedback : IPickFeedback
    {
        public List<(ServicePick, PickOutcome)> Reports { get; } = [];

        public void Report(in ServicePick pick, PickOutcome outcome) => Reports.Add((pick, outcome));
    }
}
