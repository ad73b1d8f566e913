using System.Diagnostics;
using Grpc.Core;
using GrpcGreeter;
using static Discovery.Grpc.Tests.GrpcHost;

namespace Discovery.Grpc.Tests;

/// <summary>No call hangs: each ends by its deadline, and one that has none with the first answer's bound.</summary>
public sealed class BoundTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("round_robin")]
    public async Task Call_WhileTheRegistryDoesNotAnswer_EndsByItsDeadline(string? balancer)
    {
        await using var host = new GrpcHost(new Dictionary<string, string?> { ["Discovery:Client:FirstAnswerTimeout"] = "00:01:00" });
        host.Registry.Faults.Hanging = true;
        var watch = Stopwatch.StartNew();

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new Greeter.GreeterClient(host.Channel(balancer)).SayHelloAsync(new(), deadline: Deadline(1.5), cancellationToken: Cancellation).ResponseAsync);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed} is about the registry's time, not the call's");
        Assert.Contains(failure.StatusCode, balancer is null ? [StatusCode.DeadlineExceeded] : new[] { StatusCode.Unavailable, StatusCode.DeadlineExceeded });
    }

    [Theory]
    [InlineData(null, "greeter has no instance (source: none")]
    [InlineData("round_robin", "greeter is not known yet")]
    public async Task Call_WithoutDeadlineWhileTheRegistryDoesNotAnswer_IsUnavailable(string? balancer, string expected)
    {
        await using var host = new GrpcHost(new Dictionary<string, string?> { ["Discovery:Client:FirstAnswerTimeout"] = balancer is null ? "00:00:01" : "00:01:00" });
        host.Registry.Faults.Hanging = true;

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new Greeter.GreeterClient(host.Channel(balancer)).SayHelloAsync(new(), cancellationToken: Cancellation).ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains(expected, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("round_robin")]
    public async Task Call_ToAServiceWithoutInstances_IsUnavailableAndSucceedsOnceThereIsOne(string? balancer)
    {
        await using var server = await GreetingServer.StartAsync("a");
        await using var host = new GrpcHost();
        var client = new Greeter.GreeterClient(host.Channel(balancer));

        var failure = await Assert.ThrowsAsync<RpcException>(() => AnswersAsync(client, 1));
        Assert.Equal((StatusCode.Unavailable, "greeter has no instance (source: live)."), (failure.StatusCode, failure.Status.Detail));

        var waiting = client.SayHelloAsync(new(), new CallOptions(deadline: Deadline(30), cancellationToken: Cancellation).WithWaitForReady());
        await host.RegisterAsync(server.Of("greeter"));
        Assert.Equal("a", (await waiting).Message);
    }

    [Fact]
    public async Task Call_AfterTheLastInstanceLeft_IsUnavailable()
    {
        await using var server = await GreetingServer.StartAsync("a");
        await using var host = new GrpcHost();
        await host.RegisterAsync(server.Of("greeter"));
        Assert.NotEmpty(await AnswersAsync(host.Client, 1));

        await host.Registry.DeregisterAsync("greeter", "a", Cancellation);

        await Testing.Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await AnswersAsync(host.Client, 1)).Count == 0;
                }
                catch (RpcException e)
                {
                    return e.Status.Detail.StartsWith("greeter has no instance", StringComparison.Ordinal);
                }
            },
            cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("discovery://greeter")]
    [InlineData("discovery:///")]
    [InlineData("discovery:///my%20service")]
    public async Task Channel_WhoseAddressNamesNoService_SaysHowToWriteIt(string address)
    {
        await using var host = new GrpcHost();

        var failure = Assert.Throws<InvalidOperationException>(() => host.Channel(address: address));

        Assert.Contains("write discovery:///name", failure.Message, StringComparison.Ordinal);
    }
}
