namespace Discovery.Grpc.Tests;

/// <summary>Tests with two real servers, <c>a</c> and <c>b</c>, each with its own.</summary>
public abstract class TwoGreetingServers : IAsyncLifetime
{
    private protected GreetingServer A { get; private set; } = null!;

    private protected GreetingServer B { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        A = await GreetingServer.StartAsync("a");
        B = await GreetingServer.StartAsync("b");
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
