using Discovery.Dashboard.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Playwright;

namespace Discovery.Dashboard.Browser.Tests;

/// <summary>The page itself: safe, usable by everybody, and itself again after every change.</summary>
public sealed class PageTests(Chromium chromium)
{
    private const string Markup = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Markup_InWhatARegistrySays_StaysText()
    {
        await using var page = await chromium.NewPageAsync();
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "a") with
        {
            Version = Markup,
            Zone = Markup,
            Tags = [Markup],
            Metadata = new Dictionary<string, string> { [Markup] = Markup },
        });
        app.Registry.Store.Write(DashboardApp.Instance("orders", "<i>b</i>"), TimeSpan.FromHours(1)); // past the registry, which would refuse it
        await page.OpenAsync(app.Url, "orders", 2);
        await page.Page.Locator("#rows summary").ClickAsync();

        Assert.Equal(Markup, await page.Page.Locator("#rows details dd").TextContentAsync());
        Assert.Equal(Markup, await page.Page.Locator("#rows .tags span").TextContentAsync());
        Assert.Equal(Markup, await page.Page.Locator("#rows td[data-label='Zone']").Last.TextContentAsync());
        Assert.Equal(0, await page.Page.Locator("#service img, #service script, #service i").CountAsync());
        Assert.False(await page.Page.EvaluateAsync<bool>("() => 'hit' in window"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Page_NeedsNoMoreThanItsPolicyAllows()
    {
        await using var page = await chromium.NewPageAsync();
        await using var app = await DashboardApp.StartAsync();
        var asked = new List<string>();
        page.Page.Request += (_, request) => asked.Add(request.Url);
        await app.RegisterAsync(DashboardApp.Instance("orders", "a"));
        await page.OpenAsync(app.Url, "orders", 1);

        await page.Page.Locator("#theme").ClickAsync();

        Assert.Empty(page.Complaints);
        Assert.All(asked, url => Assert.True(url.StartsWith(app.Url.AbsoluteUri, StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));

        // That it would say so is proven by asking for what is not allowed.
        Assert.True(await page.Page.EvaluateAsync<bool>("() => { const script = document.createElement('script'); try { script.text = 'window.hit = 1'; } catch { return true; } document.body.append(script); return !('hit' in window); }"));
    }

    [Fact]
    public async Task Service_ThatIsChosen_IsAskedForAndNotAskedToBeChosen()
    {
        await using var page = await chromium.NewPageAsync();
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "a"));
        var answer = new TaskCompletionSource();
        await page.Page.RouteAsync("**/api/services/orders?*", async route =>
        {
            await answer.Task;
            await route.ContinueAsync();
        });

        await page.Page.GotoAsync($"{app.Url}#/orders");
        await DashboardPage.SeesAsync(page.Page.Locator("#service-name"), "orders");
        Assert.Equal("Waiting for what is known of it.", await page.Page.Locator("#service-none").TextContentAsync());

        answer.SetResult();
        await page.WaitForRowsAsync(1);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Axe_FindsNoFaultAndNothingStandsOut(ColorScheme scheme, int width)
    {
        await using var page = await chromium.NewPageAsync(scheme, width, 900, bypassCsp: true);
        await using var app = await StartOrdersAsync();
        await page.OpenAsync(app.Url, "orders", 6);
        await DashboardPage.SeesAsync(page.Page.Locator("#busiest"), "orders-");
        await page.Page.Locator("#rows summary").First.ClickAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "orders-7") with { Zone = "north", Version = "2.1.0" });
        await page.WaitForRowsAsync(7);
        await DashboardPage.SeesAsync(page.Events, "orders-7 joined");
        await page.TakePictureAsync($"{scheme}-{width}");

        Assert.Empty(await page.FindFaultsAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
    }

    [Fact]
    public async Task Change_OfARow_KeepsFocusAndWhatIsFoldedOut()
    {
        await using var page = await chromium.NewPageAsync();
        await using var app = await StartOrdersAsync();
        await page.OpenAsync(app.Url, "orders", 6);
        var summary = page.Row("orders-2").Locator("summary");
        await summary.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");

        await app.RegisterAsync(DashboardApp.Instance("orders", "orders-0")); // before it
        await page.WaitForRowsAsync(7);
        await app.RegisterAsync(DashboardApp.Instance("orders", "orders-2") with { Metadata = new Dictionary<string, string> { ["team"] = "another" } }); // itself
        await DashboardPage.SeesAsync(page.Row("orders-2"), "another");

        await Assertions.Expect(summary).ToBeFocusedAsync();
        Assert.NotNull(await page.Row("orders-2").Locator("details").GetAttributeAsync("open"));
    }

    [Fact]
    public async Task Keyboard_Alone_ChoosesAServiceAndFiltersIt()
    {
        await using var page = await chromium.NewPageAsync();
        await using var app = await StartOrdersAsync();
        await page.OpenAsync(app.Url, "shop", 1);
        await page.Page.Locator("#services-filter").FocusAsync();
        await page.Page.Keyboard.TypeAsync("ord");
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.WaitForRowsAsync(6);

        await page.Page.Locator("#instances-filter").FocusAsync();
        await page.Page.Keyboard.TypeAsync("south");
        await page.WaitForRowsAsync(3);
        Assert.Equal("orders", await page.Page.Locator("#service-name").TextContentAsync());
    }

    [Fact]
    public async Task Theme_ThatIsChosen_IsKept()
    {
        await using var page = await chromium.NewPageAsync();
        await using var app = await DashboardApp.StartAsync();
        await page.Page.GotoAsync(app.Url.AbsoluteUri);
        await page.Page.Locator("#theme").ClickAsync();
        await page.Page.Locator("#theme").ClickAsync();
        var dark = await BackgroundAsync(page);

        await page.Page.ReloadAsync();

        Assert.Equal("Theme: dark", await page.Page.Locator("#theme").TextContentAsync());
        Assert.Equal(dark, await BackgroundAsync(page));
        await page.Page.Locator("#theme").ClickAsync();
        Assert.NotEqual(dark, await BackgroundAsync(page));
    }

    private static Task<string> BackgroundAsync(DashboardPage page) => page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    /// <summary>Six instances of every kind there is, called a few hundred times.</summary>
    private static async Task<DashboardApp> StartOrdersAsync()
    {
        var app = await DashboardApp.StartAsync();
        string[] metadata = ["checkout", "checkout", "checkout", "search", "search", "search"];
        for (var i = 1; i <= 6; i++)
        {
            await app.RegisterAsync(DashboardApp.Instance("orders", $"orders-{i}", 8080 + i) with
            {
                Version = i < 4 ? "2.0.3" : "2.1.0",
                Zone = i % 2 == 0 ? "south" : "north",
                Weight = i == 6 ? 0 : 100,
                Health = i == 5 ? HealthStatus.Unhealthy : i == 4 ? HealthStatus.Degraded : HealthStatus.Healthy,
                Tags = ["canary", "eu"],
                Metadata = new Dictionary<string, string> { ["team"] = metadata[i - 1], ["commit"] = "5f0e7d1" },
            });
        }

        foreach (var service in (string[])["catalog", "payments", "search", "users"])
        {
            await app.RegisterAsync(DashboardApp.Instance(service, $"{service}-1"));
            await app.RegisterAsync(DashboardApp.Instance(service, $"{service}-2") with { Health = service == "search" ? HealthStatus.Degraded : HealthStatus.Healthy });
        }

        // Eight callers at once, and answers that take a few milliseconds; one instance fails them.
        var discovery = app.Services.GetRequiredService<IServiceDiscovery>();
        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, cancellation) =>
        {
            var pick = await discovery.PickAsync("orders", cancellationToken: cancellation);
            await Task.Delay(2 + (i % 9), cancellation);
            pick.Report(pick.Instance.Id == "orders-3" ? PickOutcome.Failed : PickOutcome.Success);
        });
        return app;
    }
}
