namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>What a fault goes on doing for as long as it lasts.</summary>
internal sealed class OngoingWork : IAsyncDisposable
{
    private CancellationTokenSource _ending = new();
    private Task _work = Task.CompletedTask;

    public void Begin(Func<CancellationToken, Task> work)
    {
        _ending.Dispose();
        _ending = new CancellationTokenSource();
        _work = Task.Run(() => work(_ending.Token));
    }

    /// <summary>Ends it, with whatever it failed with.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _work);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }
}
