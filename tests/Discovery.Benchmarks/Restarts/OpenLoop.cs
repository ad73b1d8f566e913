using System.Collections.Concurrent;
using System.Diagnostics;

namespace Discovery.Benchmarks.Restarts;

/// <summary>Calls a service so often a second, however long the answers take, until it is disposed of.</summary>
internal sealed class OpenLoop : IAsyncDisposable
{
    private static readonly Uri Target = new("http://orders/whoami");

    private readonly HttpClient _http;
    private readonly int _perSecond;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sending;
    private int _calls;
    private int _inFlight;

    public OpenLoop(string name, HttpClient http, int perSecond)
    {
        Name = name;
        _http = http;
        _perSecond = perSecond;
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Whose calls these are.</summary>
    public string Name { get; }

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Calls that have no answer yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public ConcurrentQueue<FailedCall> Failures { get; } = [];

    /// <summary>Begins no more calls and waits for those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        _stopping.Dispose();
    }

    private async Task SendAsync()
    {
        var startedAt = Stopwatch.GetTimestamp();
        var underWay = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_stopping.IsCancellationRequested)
        {
            var due = (int)(Stopwatch.GetElapsedTime(startedAt).TotalSeconds * _perSecond);
            while (Calls < due)
            {
                Interlocked.Increment(ref _calls);
                underWay.Add(CallAsync());
            }

            underWay.RemoveAll(call => call.IsCompletedSuccessfully);
            await tick.WaitForNextTickAsync();
        }

        await Task.WhenAll(underWay);
    }

    private async Task CallAsync()
    {
        var begunAt = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _inFlight);
        try
        {
            using var answer = await _http.GetAsync(Target);
            if (!answer.IsSuccessStatusCode)
            {
                Failures.Enqueue(new(begunAt, Stopwatch.GetTimestamp(), $"{(int)answer.StatusCode}"));
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or NoInstanceAvailableException)
        {
            Failures.Enqueue(new(begunAt, Stopwatch.GetTimestamp(), (e as HttpRequestException)?.HttpRequestError.ToString() ?? e.GetType().Name));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    /// <summary>A call that failed: when it was begun and when it had failed (as <see cref="Stopwatch.GetTimestamp"/>), and how.</summary>
    internal sealed record FailedCall(long BegunAt, long At, string Reason);
}
