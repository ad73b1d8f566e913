using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Discovery.Dashboard.Tests;

/// <summary>The stream of changes, as a browser reads it.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventStream(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _items = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    public static async Task<EventStream> OpenAsync(DashboardApp app)
    {
        var answer = await app.Http.GetAsync(new Uri("/discovery/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new(answer, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event, or null at the end.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        if (!await _items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))
        {
            return null;
        }

        using var data = JsonDocument.Parse(_items.Current.Data);
        return (_items.Current.EventType, data.RootElement.Clone());
    }

    /// <summary>The next change that is of a kind.</summary>
    public async Task<JsonElement> NextAsync(Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            var (name, data) = await NextAsync() ?? throw new InvalidOperationException("The stream has ended.");
            if (name == "change" && wanted(data))
            {
                return data;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _answer.Dispose();
        await _items.DisposeAsync();
    }
}
