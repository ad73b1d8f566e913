using Yarp.ReverseProxy.Forwarder;

namespace Discovery.Yarp.Tests;

public sealed class ForwardedCallTests
{
    [Theory]
    [InlineData(200, PickOutcome.Success)]
    [InlineData(404, PickOutcome.Success)]
    [InlineData(503, PickOutcome.Failed)]
    public void OutcomeOf_AnAnswer_IsThatOfItsStatus(int status, PickOutcome expected) => Assert.Equal(expected, ForwardedCall.OutcomeOf(null, status));

    [Theory]
    [InlineData(ForwarderError.Request, PickOutcome.Failed)]
    [InlineData(ForwarderError.RequestTimedOut, PickOutcome.TimedOut)]
    [InlineData(ForwarderError.RequestCanceled, PickOutcome.Cancelled)]
    [InlineData(ForwarderError.ResponseBodyDestination, PickOutcome.Failed)]
    [InlineData(ForwarderError.ResponseBodyClient, PickOutcome.Cancelled)]
    [InlineData(ForwarderError.UpgradeRequestClient, PickOutcome.Cancelled)]
    public void OutcomeOf_AFailure_BlamesTheInstanceForItsOwnOnly(ForwarderError error, PickOutcome expected) =>
        Assert.Equal(expected, ForwardedCall.OutcomeOf(new Failure(error, new HttpRequestException(HttpRequestError.ResponseEnded)), 502));

    [Fact]
    public void OutcomeOf_ARefusedConnection_IsConnectFailed() =>
        Assert.Equal(PickOutcome.ConnectFailed, ForwardedCall.OutcomeOf(new Failure(ForwarderError.Request, new HttpRequestException(HttpRequestError.ConnectionError)), 502));

    private sealed record Failure(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
