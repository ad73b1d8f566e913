using System.Collections.Concurrent;
using System.Text.Json;

namespace Discovery.EndToEnd.Tests;

/// <summary>What a copy of QuickStart tells of a service as it changes: every set, from the first on.</summary>
internal sealed class WatchedStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<JsonElement[]> _sets = new();
    private readonly Task _reading;

    public WatchedStream(QuickStartApp app, string service = "quickstart") => _reading = ReadAsync(app, service);

    public IReadOnlyList<JsonElement[]> Sets => [.. _sets];

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task ReadAsync(QuickStartApp app, string service)
    {
        using var reader = new StreamReader(await app.Http.GetStreamAsync(new Uri($"/watch/{service}", UriKind.Relative), _ending.Token));
        while (await reader.ReadLineAsync(_ending.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var set = JsonDocument.Parse(line["data: ".Length..]);
                _sets.Enqueue([.. set.RootElement.Clone().EnumerateArray()]);
            }
        }
    }
}
