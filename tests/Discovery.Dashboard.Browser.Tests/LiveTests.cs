using System.Globalization;
using System.Text.RegularExpressions;
using Discovery.Dashboard.Tests;
using Discovery.EndToEnd.Tests;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Playwright;

namespace Discovery.Dashboard.Browser.Tests;

/// <summary>What people see of real copies of an app on a real registry.</summary>
public sealed class LiveTests(Chromium chromium)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instance_OfSeveralRegistries_SaysInWhichOnesItIs()
    {
        using var folder = new TemporaryFolder();
        await using var page = await chromium.NewPageAsync();
        await using var app = await DashboardApp.StartAsync(build: builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "",
            ["Discovery:Providers:0"] = "InMemory",
            ["Discovery:Providers:1"] = "Local",
            ["Discovery:Local:Directory"] = folder.Path,
        }));
        await app.RegisterAsync(DashboardApp.Instance("shop", "shop-2"));

        await page.OpenAsync(app.Url, "shop", 2);

        await Eventually.HoldsAsync(async () => await page.Page.Locator("#rows .places").AllTextContentsAsync() is ["in InMemory and Local", "in InMemory"], cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Copy_ThatStartsAndIsKilled_AppearsAndVanishesWithoutReload()
    {
        await using var page = await chromium.NewPageAsync();
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var first = await StartAsync(registry);
        await page.OpenAsync(new(first.Http.BaseAddress!, "/discovery"), "quickstart", 1);

        await using var second = await StartAsync(registry);
        await page.WaitForRowsAsync(2);
        await DashboardPage.SeesAsync(page.Row(second.Id), second.Http.BaseAddress!.Authority);
        await DashboardPage.SeesAsync(page.Events, $"{second.Id} joined");

        await second.Process.KillAsync();
        await page.WaitForRowsAsync(1);
        await DashboardPage.SeesAsync(page.Events, $"{second.Id} left");
        Assert.Equal(1, page.Loads);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Copy_ThatFallsIll_IsShownSo()
    {
        await using var page = await chromium.NewPageAsync();
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await StartAsync(registry);
        await page.OpenAsync(new(app.Http.BaseAddress!, "/discovery"), "quickstart", 1);
        await DashboardPage.SeesAsync(page.Row(app.Id), "healthy");

        await app.SimulateAsync("degraded");

        await DashboardPage.SeesAsync(page.Row(app.Id), "degraded");
        await DashboardPage.SeesAsync(page.Events, $"{app.Id} is degraded");
        await DashboardPage.SeesAsync(page.Page.Locator("#say"), $"{app.Id} is degraded"); // and told to who does not see it
    }

    [Fact]
    public async Task Outage_OfTheRegistry_ShowsAsStaleWithItsAge()
    {
        await using var page = await chromium.NewPageAsync(bypassCsp: true);
        await using var registry = await RegistryUnderTest.StartAsync("Consul");
        await using var app = await StartAsync(registry);
        await page.OpenAsync(new(app.Http.BaseAddress!, "/discovery"), "quickstart", 1);
        await Assertions.Expect(page.Notice).ToBeHiddenAsync();

        await registry.KillAsync();
        await DashboardPage.SeesAsync(page.Notice, "has not answered for");
        await DashboardPage.SeesAsync(page.Page.Locator("#service-source"), "stale");
        var first = await AgeAsync(page);
        await Eventually.IsAsync(() => AgeAsync(page), age => age > first + 1, Bound, Cancellation);
        Assert.Equal(1, await page.Rows.CountAsync()); // what was last known stays
        await page.TakePictureAsync("outage");
        Assert.Empty(await page.FindFaultsAsync());

        await registry.StartAgainAsync(wipe: false);
        await Assertions.Expect(page.Notice).ToBeHiddenAsync(new() { Timeout = (float)Bound.TotalMilliseconds });
        await DashboardPage.SeesAsync(page.Page.Locator("#service-source"), "live");
        Assert.Equal(1, page.Loads);
    }

    [Fact]
    public async Task App_ThatStops_IsSaidToBeAwayAndIsThereAgainByItself()
    {
        using var port = FreePort.Take();
        await using var page = await chromium.NewPageAsync();
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using (var app = await StartAsync(registry, ("ASPNETCORE_URLS", $"http://127.0.0.1:{port.Number}")))
        {
            await page.OpenAsync(new(app.Http.BaseAddress!, "/discovery"), "quickstart", 1);
            await DashboardPage.SeesAsync(page.Link, "Live");
            Assert.Equal(0, await app.Process.StopAsync(TimeSpan.FromSeconds(20), Cancellation)); // an open stream does not hold it up
            await DashboardPage.SeesAsync(page.Link, "Reconnecting");
        }

        await using var again = await StartAsync(registry, ("ASPNETCORE_URLS", $"http://127.0.0.1:{port.Number}"));
        await DashboardPage.SeesAsync(page.Link, "Live");
        await page.WaitForRowsAsync(1);
        Assert.Equal(1, page.Loads);
    }

    private static async Task<QuickStartApp> StartAsync(RegistryUnderTest registry, params (string, string?)[] settings) =>
        await (await QuickStartApp.StartAsync(registry, [("ASPNETCORE_ENVIRONMENT", "Production"), .. settings])).RegisteredAsync(registry, Bound);

    private static async Task<int> AgeAsync(DashboardPage page)
    {
        var text = await page.Page.Locator("#service-source").TextContentAsync() ?? "";
        var age = Regex.Match(text, @"stale, (\d+) s old");
        Assert.True(age.Success, text);
        return int.Parse(age.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
