namespace Discovery.Testing;

/// <summary>Tests with two real servers, <c>a</c> and <c>b</c>, each with its own.</summary>
/// <typeparam name="TServer">What they are.</typeparam>
/// <param name="start">Starts one that is called so.</param>
public abstract class TwoServers<TServer>(Func<string, Task<TServer>> start) : IAsyncLifetime
    where TServer : IAsyncDisposable
{
    /// <summary>The server <c>a</c>.</summary>
    protected TServer A { get; private set; } = default!;

    /// <summary>The server <c>b</c>.</summary>
    protected TServer B { get; private set; } = default!;

    /// <summary>The runner's own.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        A = await start("a");
        B = await start("b");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
