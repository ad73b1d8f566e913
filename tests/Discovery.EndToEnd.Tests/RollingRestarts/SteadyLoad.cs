using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>Calls of the service <c>orders</c> that tell which process has answered, a few at once and without a break, until it is disposed of.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int Workers = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, int> _answersOf = new();
    private readonly Uri _whoAmI;
    private readonly Task _working;
    private volatile HttpClient _http;
    private QuickStartApp? _caller;
    private int _calls;

    public SteadyLoad(QuickStartApp caller)
        : this(caller.Http, "/call/orders")
    {
        _caller = caller;
    }

    /// <param name="http">Reaches the service, or whoever passes calls on to it.</param>
    /// <param name="whoAmI">What is asked for.</param>
    public SteadyLoad(HttpClient http, string whoAmI)
    {
        _http = http;
        _whoAmI = new(whoAmI, UriKind.Relative);
        _working = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(CallAsync)));
    }

    /// <summary>Through whom the calls go that are begun from now on.</summary>
    public QuickStartApp Caller
    {
        get => _caller ?? throw new InvalidOperationException("The calls go through no process of a caller.");
        set
        {
            _caller = value;
            _http = value.Http;
        }
    }

    /// <summary>The calls that failed.</summary>
    public ConcurrentQueue<FailedCall> Failures { get; } = [];

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many calls a process has answered.</summary>
    public int AnswersOf(int processId) => _answersOf.GetValueOrDefault(processId);

    /// <summary>Begins no more calls and waits for those that are under way.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _working;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task CallAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(8));
        while (!_stopping.IsCancellationRequested)
        {
            var begunAt = Stopwatch.GetTimestamp();
            try
            {
                // Not cancelled by the end of the test: a call that is begun is judged.
                using var answer = await _http.GetAsync(_whoAmI, CancellationToken.None);
                var body = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (answer.StatusCode is HttpStatusCode.OK)
                {
                    using var whoAmI = JsonDocument.Parse(body);
                    _answersOf.AddOrUpdate(whoAmI.RootElement.GetProperty("pid").GetInt32(), 1, static (_, count) => count + 1);
                }
                else
                {
                    Failures.Enqueue(new(begunAt, $"call {Calls}: {(int)answer.StatusCode} {body}"));
                }
            }
            catch (HttpRequestException e)
            {
                Failures.Enqueue(new(begunAt, $"call {Calls}: {e.Message}"));
            }

            Interlocked.Increment(ref _calls);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>A call that failed: when it was begun (as <see cref="Stopwatch.GetTimestamp"/>), and what went wrong.</summary>
    internal sealed record FailedCall(long BegunAt, string What);
}
