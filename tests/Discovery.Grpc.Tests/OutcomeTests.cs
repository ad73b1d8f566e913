using Discovery.Grpc.Calls;
using Discovery.Testing;
using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Grpc.Net.ClientFactory;
using GrpcGreeter;
using Microsoft.Extensions.DependencyInjection;
using static Discovery.Grpc.Tests.GrpcHost;

namespace Discovery.Grpc.Tests;

/// <summary>What calls teach of instances.</summary>
public sealed class OutcomeTests() : TwoServers<GreetingServer>(GreetingServer.StartAsync)
{
    [Theory]
    [InlineData(StatusCode.OK, PickOutcome.Success)]
    [InlineData(StatusCode.NotFound, PickOutcome.Success)]
    [InlineData(StatusCode.Unimplemented, PickOutcome.Success)]
    [InlineData(StatusCode.Unavailable, PickOutcome.Failed)]
    [InlineData(StatusCode.Internal, PickOutcome.Failed)]
    [InlineData(StatusCode.Unknown, PickOutcome.Failed)]
    [InlineData(StatusCode.DeadlineExceeded, PickOutcome.TimedOut)]
    [InlineData(StatusCode.Cancelled, PickOutcome.Cancelled)]
    public void Of_AStatus_BlamesTheInstanceForItsOwnOnly(StatusCode status, PickOutcome expected) => Assert.Equal(expected, CallOutcome.Of(status));

    [Theory]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.Internal, true)]
    [InlineData(StatusCode.InvalidArgument, false)]
    public async Task Instance_ThatAnswersInItsTrailersThatItFails_IsEjected(StatusCode status, bool expected)
    {
        await using var host = new GrpcHost();
        B.Status = status;
        await host.RegisterAsync(A.Of("greeter"), B.Of("greeter"));

        for (var i = 0; (i < 100 && host.Services.GetRequiredService<IDiscoveryDiagnostics>().GetInstances("greeter").All(instance => instance.EjectedFor is null)) || i < 20; i++)
        {
            await CallAsync(host.Client);
        }

        Assert.Equal(expected ? EjectionReason.ConsecutiveFailures : null, host.StatusOf("b").EjectedFor);
        Assert.Null(host.StatusOf("a").EjectedFor);
        if (expected)
        {
            Assert.Equal(20, (await AnswersAsync(host.Client, 20))["a"]);
        }
    }

    [Fact]
    public async Task Retry_OfTheChannel_GoesToAnotherInstance()
    {
        await using var host = new GrpcHost(
            new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "PickFirst", ["Discovery:Client:Outliers:Enabled"] = "false" },
            services => services.ConfigureAll<GrpcClientFactoryOptions>(options => options.ChannelOptionsActions.Add(channel => channel.ServiceConfig = Retrying)));
        await host.RegisterAsync(A.Of("greeter"), B.Of("greeter"));
        await ConnectedAsync(host.Client, "a"); // the other may be connected first
        Assert.Equal("a", Assert.Single(await AnswersAsync(host.Client, 5)).Key);
        (A.Status, A.SendsHeadersFirst) = (StatusCode.Unavailable, false);

        // Connected to both by now, or as good as: the channel asks for both at once.
        await Eventually.HoldsAsync(async () => await CallAsync(host.Client) is "b", cancellationToken: Cancellation);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("b", await CallAsync(host.Client));
        }

        Assert.True(A.Calls >= 15, $"only {A.Calls} calls were made of the one that fails");
    }

    [Fact]
    public async Task Load_OfAnInstance_IsThatOfItsCallsUnderWay()
    {
        await using var host = new GrpcHost(new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "LeastRequests" });
        await host.RegisterAsync(A.Of("greeter"));
        Assert.NotEmpty(await AnswersAsync(host.Client, 1));
        A.Holds = new();

        var calls = Enumerable.Range(0, 3).Select(_ => host.Client.SayHelloAsync(new(), cancellationToken: Cancellation).ResponseAsync).ToList();
        await Eventually.HoldsAsync(() => A.Calls == 4, cancellationToken: Cancellation);
        Assert.Equal(3, host.StatusOf("a").InFlight);

        A.Holds.SetResult();
        await Task.WhenAll(calls);
        Assert.Equal(0, host.StatusOf("a").InFlight);
    }

    [Fact]
    public async Task Load_OfAStream_EndsWithItsHeaders()
    {
        await using var host = new GrpcHost(new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "LeastRequests" });
        await host.RegisterAsync(A.Of("greeter"));
        using var stream = host.Client.Follow(new(), cancellationToken: Cancellation);
        Assert.True(await stream.ResponseStream.MoveNext(Cancellation));

        await Eventually.HoldsAsync(() => host.StatusOf("a").InFlight == 0, cancellationToken: Cancellation);
        Assert.Equal(0, host.StatusOf("a").Failures);
    }

    [Fact]
    public async Task Call_CancelledByItsCaller_SaysNothingOfTheInstance()
    {
        await using var host = new GrpcHost(new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "LeastRequests" });
        await host.RegisterAsync(A.Of("greeter"));
        A.Holds = new();
        using var cancelling = new CancellationTokenSource();
        var call = host.Client.SayHelloAsync(new(), cancellationToken: cancelling.Token).ResponseAsync;
        await Eventually.HoldsAsync(() => A.Calls == 1, cancellationToken: Cancellation);

        await cancelling.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
        await Eventually.HoldsAsync(() => host.StatusOf("a") is { InFlight: 0, Failures: 0 }, cancellationToken: Cancellation);
    }

    private static ServiceConfig Retrying => new()
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new()
                {
                    MaxAttempts = 3,
                    InitialBackoff = TimeSpan.FromMilliseconds(1),
                    MaxBackoff = TimeSpan.FromMilliseconds(1),
                    BackoffMultiplier = 1,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            },
        },
    };

    private static async Task<string?> CallAsync(Greeter.GreeterClient client)
    {
        try
        {
            return (await client.SayHelloAsync(new(), deadline: Deadline(30), cancellationToken: Cancellation)).Message;
        }
        catch (RpcException)
        {
            return null;
        }
    }
}
