namespace Discovery.Benchmarks.Registering;

/// <summary>Something that is kept alive until it is disposed of.</summary>
internal sealed class Beating(Func<Task> end) : IAsyncDisposable
{
    /// <summary>Beats at once and then at an interval.</summary>
    public static Beating Every(TimeSpan interval, Func<CancellationToken, Task> beat, Func<Task> end)
    {
        var ending = new CancellationTokenSource();
        var beating = BeatAsync(interval, beat, ending.Token);
        return new(async () =>
        {
            await ending.CancelAsync();
            await beating;
            ending.Dispose();
            await end();
        });
    }

    public ValueTask DisposeAsync() => new(end());

    private static async Task BeatAsync(TimeSpan interval, Func<CancellationToken, Task> beat, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await beat(cancellationToken);
                await Task.Delay(interval, TimeProvider.System, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }
}
