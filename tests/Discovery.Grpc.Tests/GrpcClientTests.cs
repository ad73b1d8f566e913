using Discovery.Testing;
using Grpc.Core;
using GrpcGreeter;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Discovery.Grpc.Tests.GrpcHost;

namespace Discovery.Grpc.Tests;

/// <summary>Real clients, real servers, a registry in memory.</summary>
public sealed class GrpcClientTests() : TwoServers<GreetingServer>(GreetingServer.StartAsync)
{
    [Fact]
    public async Task Calls_OfAClientOfTheFactory_ReachAllInstances()
    {
        await using var host = new GrpcHost();
        await host.RegisterAsync(A.Of("greeter"), B.Of("greeter", "http"));

        await ConnectedAsync(host.Client, "a", "b");

        var answers = await AnswersAsync(host.Client, 400);

        Assert.InRange(answers["a"], 200 - Environment.ProcessorCount, 200 + Environment.ProcessorCount); // each processor takes turns for itself
    }

    [Theory]
    [InlineData(null)]
    [InlineData("round_robin")]
    [InlineData("discovery")]
    public async Task Calls_OfAChannelOfOnesOwn_ReachAllInstances(string? balancer)
    {
        await using var host = new GrpcHost();
        await host.RegisterAsync(A.Of("greeter"), B.Of("greeter"));

        await ConnectedAsync(new(host.Channel(balancer)), "a", "b");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("round_robin")]
    public async Task Calls_WhenInstancesComeAndGo_FollowThem(string? balancer)
    {
        await using var host = new GrpcHost();
        await host.RegisterAsync(A.Of("greeter"));
        var client = new Greeter.GreeterClient(host.Channel(balancer));
        Assert.Equal(["a"], (await AnswersAsync(client, 2)).Keys);

        await host.RegisterAsync(B.Of("greeter"));
        await ConnectedAsync(client, "a", "b");

        await host.Registry.DeregisterAsync("greeter", "a", Cancellation);
        await ConnectedAsync(client, "b");
    }

    [Fact]
    public async Task Calls_ByWeight_GiveEachItsShare()
    {
        await using var host = new GrpcHost(new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "WeightedRoundRobin" });
        await host.RegisterAsync(A.Of("greeter") with { Weight = 300 }, B.Of("greeter") with { Weight = 100 });
        await ConnectedAsync(host.Client, "a", "b");

        var answers = await AnswersAsync(host.Client, 400);

        Assert.InRange(answers["a"], 300 - Environment.ProcessorCount, 300 + Environment.ProcessorCount); // each processor takes turns for itself
    }

    [Fact]
    public async Task Calls_ByZone_StayInTheCallersOwn()
    {
        await using var host = new GrpcHost(new Dictionary<string, string?> { ["Discovery:Client:Zone"] = "west" });
        await host.RegisterAsync(A.Of("greeter") with { Zone = "west" }, B.Of("greeter") with { Zone = "east" });
        Assert.NotEmpty(await AnswersAsync(host.Client, 1));
        await Eventually.HoldsAsync(async () => (await AnswersAsync(host.Client, 1)).ContainsKey("a"), cancellationToken: Cancellation);

        Assert.Equal(20, (await AnswersAsync(host.Client, 20))["a"]);
    }

    [Fact]
    public async Task Calls_ByHealth_LeaveOutWhatSaysThatItCannotServe()
    {
        await using var host = new GrpcHost();
        await host.RegisterAsync(A.Of("greeter"), B.Of("greeter"));
        await ConnectedAsync(host.Client, "a", "b");

        await host.RegisterAsync(B.Of("greeter") with { Health = HealthStatus.Unhealthy });
        await ConnectedAsync(host.Client, "a");

        await host.RegisterAsync(B.Of("greeter"));
        await ConnectedAsync(host.Client, "a", "b");
    }

    [Fact]
    public async Task Calls_WhileAnInstanceRefusesConnections_ReachTheOthers()
    {
        await using var host = new GrpcHost();
        await B.StopAsync();
        await host.RegisterAsync(A.Of("greeter"), B.Of("greeter"));

        Assert.Equal(30, (await AnswersAsync(host.Client, 30))["a"]);

        await B.StartAsync();
        await ConnectedAsync(host.Client, "a", "b");
    }

    [Fact]
    public async Task Calls_WhereNoInstanceCanBeReached_FailAtOnceAndSayWhich()
    {
        await using var host = new GrpcHost();
        await A.StopAsync();
        await host.RegisterAsync(A.Of("greeter"));

        var failure = await Assert.ThrowsAsync<RpcException>(() => AnswersAsync(host.Client, 1));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("None of the 1 instances of greeter (source: live) can be reached", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("round_robin")]
    public async Task Calls_AfterTheServerRestartedWhereItWas_SucceedAgain(string? balancer)
    {
        await using var host = new GrpcHost();
        await host.RegisterAsync(A.Of("greeter"));
        var client = new Greeter.GreeterClient(host.Channel(balancer));
        Assert.Equal(["a"], (await AnswersAsync(client, 2)).Keys);

        await A.StopAsync();
        await Assert.ThrowsAsync<RpcException>(() => AnswersAsync(client, 1));
        await A.StartAsync();

        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await AnswersAsync(client, 1)).ContainsKey("a");
                }
                catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
                {
                    return false; // its connection is tried again by and by
                }
            },
            cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Calls_WhileTheRegistryIsDown_ReachTheLastGoodSet()
    {
        await using var host = new GrpcHost();
        await host.RegisterAsync(A.Of("greeter"), B.Of("greeter"));
        await ConnectedAsync(host.Client, "a", "b");

        host.Registry.Faults.FailingWith = RegistryErrorKind.Unavailable;

        // Another channel is another resolver, made during the outage.
        Assert.Equal(["a", "b"], (await AnswersAsync(host.Client, 20)).Keys.Order());
        await ConnectedAsync(new(host.Channel()), "a", "b");
    }
}
