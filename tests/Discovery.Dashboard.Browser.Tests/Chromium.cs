using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Playwright;

namespace Discovery.Dashboard.Browser.Tests;

/// <summary>One Chromium for all tests, each of which has a profile of its own in it. Skips the tests where there is none on this machine.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Where pictures of pages are kept.</summary>
    public static readonly string Pictures = Path.Combine(RepositoryFiles.Root, "artifacts", "dashboard");

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A new profile with a page in it that is not at any address yet.</summary>
    public async Task<DashboardPage> NewPageAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 1000, bool bypassCsp = false)
    {
        var browser = await GetAsync();
        var context = await browser.NewContextAsync(new()
        {
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = height },
            BypassCSP = bypassCsp,
        });
        return new(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> GetAsync()
    {
        var path = BrowserProgram.Path;
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = BrowserProgram.Arguments, Timeout = 120_000 });
        }
        finally
        {
            _starting.Release();
        }
    }
}
