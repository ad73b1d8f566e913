using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>No gRPC call fails, and no stream breaks, while copies come and go: real processes, signals and registries, a client with no retries.</summary>
public sealed class GrpcRollingRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Consul", false)]
    [InlineData("Etcd", true)]
    public Task RollingRestart_BySigterm_FailsNoUnaryCall(string provider, bool samePort) => CallAsync(provider, samePort);

    [Theory]
    [InlineData("Consul", true)]
    [InlineData("Etcd", false)]
    [InlineData("Local", false)]
    [InlineData("Local", true)]
    [Trait("Category", "Slow")]
    public Task RollingRestart_BySigterm_FailsNoUnaryCall_OnEach(string provider, bool samePort) => CallAsync(provider, samePort);

    [Fact]
    public Task RollingRestart_BySigterm_EndsEachStreamInGoodOrderAndItGoesOnElsewhere() => FollowAsync("Consul");

    [Theory]
    [InlineData("Etcd")]
    [InlineData("Local")]
    [Trait("Category", "Slow")]
    public Task RollingRestart_BySigterm_EndsEachStreamInGoodOrder_OnEach(string provider) => FollowAsync(provider);

    private static async Task CallAsync(string provider, bool samePort)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await GreeterFleet.StartAsync(registry);
        var caller = fleet.Caller;
        caller.Start(streams: false);

        await fleet.RestartAllAsync(
            samePort,
            copy => Eventually.HoldsAsync(() => caller.AnswersOf(copy) > 0 || !caller.Failures.IsEmpty, TimeSpan.FromSeconds(60), Cancellation));

        await Eventually.HoldsAsync(() => caller.Calls >= 1000, TimeSpan.FromSeconds(60), Cancellation);
        await caller.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{caller.Calls} calls, {caller.Failures.Count} failed");
        Assert.Empty(caller.Failures);
    }

    private static async Task FollowAsync(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await GreeterFleet.StartAsync(registry);
        var caller = fleet.Caller;
        caller.Start(streams: true);

        // A copy that has come back gets streams when another is told to go: the last one may have none.
        await fleet.RestartAllAsync(samePort: true, _ => Task.CompletedTask);
        var ends = caller.Ends;
        var before = fleet.ProcessIds.Sum(caller.MessagesOf);
        await Eventually.HoldsAsync(() => fleet.ProcessIds.Sum(caller.MessagesOf) >= before + 20, TimeSpan.FromSeconds(60), Cancellation);

        await caller.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{ends} streams ended, {caller.Failures.Count} broke");
        Assert.True(ends >= 4, $"Only {ends} streams were told to go; each of 4 was at least once.");
        Assert.Empty(caller.Failures);
    }
}
