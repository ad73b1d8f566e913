using Discovery.Dashboard.Tests;
using Discovery.Testing;
using Microsoft.Playwright;

namespace Discovery.Dashboard.Browser.Tests;

/// <summary>200 services, one of them of 10,000 instances.</summary>
public sealed class ScaleTests(Chromium chromium)
{
    private const int Services = 200;
    private const int Instances = 10_000;

    [Fact]
    public async Task Page_OfThousandsOfInstances_IsPaintedWithinASecondAndTurned()
    {
        await using var app = await StartAsync();
        await using (var warm = await chromium.NewPageAsync())
        {
            await warm.OpenAsync(app.Url, "orders", 50);
        }

        // The best of three: the bound is of the page, and the machine has others to serve.
        var measured = new List<(double Paint, double Rows)>();
        for (var i = 0; i < 3; i++)
        {
            await using var page = await chromium.NewPageAsync();
            measured.Add(await MeasureAsync(page, app));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("; ", measured.Select(each => $"first paint {each.Paint:0} ms, rows after {each.Rows:0} ms")));
        Assert.InRange(measured.Min(each => each.Paint), 1, 1000);
        Assert.InRange(measured.Min(each => each.Rows), 1, 1000);
    }

    [Fact]
    public async Task Page_OfThousandsOfInstances_HoldsOnePageOfThem()
    {
        await using var app = await StartAsync();
        await using var page = await chromium.NewPageAsync();
        await page.OpenAsync(app.Url, "orders", 50);
        await Assertions.Expect(page.Page.Locator("#services li")).ToHaveCountAsync(Services + 1);
        await DashboardPage.SeesAsync(page.Page.Locator("#page"), "1–50 of 10,000");
        await page.Page.Locator("#next").ClickAsync();
        await DashboardPage.SeesAsync(page.Page.Locator("#page"), "51–100 of 10,000");
        await page.Page.Locator("#instances-filter").FillAsync("orders-0999");
        await page.WaitForRowsAsync(10);
        await page.TakePictureAsync("scale");

        // And while they change, it grows no further.
        await page.Page.Locator("#instances-filter").FillAsync("");
        await page.WaitForRowsAsync(50);
        var nodes = await page.Page.EvaluateAsync<int>("() => document.querySelectorAll('*').length");
        for (var i = 0; i < 300; i++)
        {
            await app.RegisterAsync(DashboardApp.Instance("orders", $"new-{i:000}"));
        }

        await DashboardPage.SeesAsync(page.Page.Locator("#page"), "of 10,300");
        await DashboardPage.SeesAsync(page.Events, "joined");
        Assert.InRange(await page.Page.EvaluateAsync<int>("() => document.querySelectorAll('*').length"), 1, nodes + 1000); // 100 events, and no more
        Assert.Empty(page.Complaints);
    }

    private static async Task<(double Paint, double Rows)> MeasureAsync(DashboardPage page, DashboardApp app)
    {
        await page.Page.AddInitScriptAsync("""
            new MutationObserver((_, observer) => {
              if (document.querySelectorAll('#rows tr').length > 0) {
                observer.disconnect();
                requestAnimationFrame(() => { window.rowsAt = performance.now(); });
              }
            }).observe(document, { childList: true, subtree: true });
            """);
        await page.OpenAsync(app.Url, "orders", 50);
        await page.Page.WaitForFunctionAsync("() => window.rowsAt && performance.getEntriesByName('first-contentful-paint').length > 0");
        return (
            await page.Page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"),
            await page.Page.EvaluateAsync<double>("() => window.rowsAt"));
    }

    private static async Task<DashboardApp> StartAsync()
    {
        var registry = new InMemoryServiceRegistry(TimeProvider.System);
        for (var i = 0; i < Instances; i++)
        {
            await registry.RegisterAsync(DashboardApp.Instance("orders", $"orders-{i:00000}") with { Zone = $"zone-{i % 3}", Version = "1.0.0" }, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        }

        for (var i = 1; i < Services; i++)
        {
            await registry.RegisterAsync(DashboardApp.Instance($"service-{i:000}", $"service-{i:000}-a"), TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        }

        return await DashboardApp.StartAsync(registry);
    }
}
