using System.Collections.Concurrent;
using System.Text.Json;
using Discovery.Testing.Servers;
using Microsoft.Playwright;

namespace Discovery.Dashboard.Browser.Tests;

/// <summary>A dashboard in a browser.</summary>
public sealed class DashboardPage : IAsyncDisposable
{
    // Machines are shared and slow; what is waited for comes as soon as it is there.
    private const int Patience = 60_000;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private int _loads;

    public DashboardPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        context.SetDefaultTimeout(Patience);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            // That a server is away, or answers 503, the browser says itself.
            if (message.Type is "error" or "warning" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal) && !message.Text.Contains("net::ERR_", StringComparison.Ordinal))
            {
                _complaints.Enqueue(message.Text);
            }
        };
        page.Load += (_, _) => Interlocked.Increment(ref _loads);
    }

    public IPage Page { get; }

    /// <summary>What its script threw, and what the browser did not allow it.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>How often the page was loaded.</summary>
    public int Loads => Volatile.Read(ref _loads);

    public ILocator Rows => Page.Locator("#rows tr");

    public ILocator Notice => Page.Locator("#notice");

    public ILocator Link => Page.Locator("#link");

    public ILocator Events => Page.Locator("#events");

    /// <summary>Opens the page, chooses a service, and waits until as many of its instances are shown.</summary>
    public async Task OpenAsync(Uri url, string service, int rows)
    {
        await Page.GotoAsync($"{url}#/{service}");
        await WaitForRowsAsync(rows);
    }

    public Task WaitForRowsAsync(int rows) => Assertions.Expect(Rows).ToHaveCountAsync(rows, new() { Timeout = Patience });

    public static Task SeesAsync(ILocator where, string text) => Assertions.Expect(where).ToContainTextAsync(text, new() { Timeout = Patience });

    public ILocator Row(string id) => Page.Locator($"#rows tr[data-key='{id}']");

    /// <summary>Keeps a picture of the whole page among the tests' output.</summary>
    public Task TakePictureAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Pictures, $"{name}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });

    /// <summary>The faults of accessibility that axe finds, each with where it is.</summary>
    public async Task<string[]> FindFaultsAsync()
    {
        await Page.EvaluateAsync(BrowserProgram.Axe);
        var found = await Page.EvaluateAsync<JsonElement>("() => axe.run()");
        Assert.NotEmpty(found.GetProperty("passes").EnumerateArray()); // it has run
        return [.. found.GetProperty("violations").EnumerateArray().Select(fault =>
            $"{fault.GetProperty("id").GetString()}: {string.Join(" | ", fault.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("html").GetString()))}")];
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
