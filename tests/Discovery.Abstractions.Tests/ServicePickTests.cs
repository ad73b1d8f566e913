namespace Discovery.Tests;

public sealed class ServicePickTests
{
    private static readonly ServiceInstance Instance = new() { ServiceName = "orders", Id = "one", Endpoints = [new Uri("http://10.0.0.1")] };

    [Fact]
    public void Report_WithFeedback_TellsPickAndOutcome()
    {
        var feedback = new Feedback();
        var pick = new ServicePick(Instance, Instance.Endpoints[0], feedback, startedAt: 5);

        pick.Report(PickOutcome.TimedOut);

        Assert.Equal([(pick, PickOutcome.TimedOut)], feedback.Reports);
    }

    [Fact]
    public void Report_NobodyWantsToKnow_DoesNothing() => new ServicePick(Instance, Instance.Endpoints[0]).Report(PickOutcome.Failed);

    [Fact]
    public void Equals_PickedAtAnotherMoment_IsFalse()
    {
        var pick = new ServicePick(Instance, Instance.Endpoints[0], startedAt: 5);

        Assert.True(pick == new ServicePick(Instance, Instance.Endpoints[0], startedAt: 5));
        Assert.True(pick != new ServicePick(Instance, Instance.Endpoints[0], startedAt: 6));
    }

    private sealed class Feedback : IPickFeedback
    {
        public List<(ServicePick, PickOutcome)> Reports { get; } = [];

        public void Report(in ServicePick pick, PickOutcome outcome) => Reports.Add((pick, outcome));
    }
}
