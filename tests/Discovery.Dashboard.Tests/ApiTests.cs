using System.Net;
using System.Text.Json;
using Discovery.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Dashboard.Tests;

public sealed class ApiTests
{
    [Fact]
    public async Task GetServices_ListsThemWithCountsAndThisAppsOwnRegistration()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "orders-1"));
        await app.RegisterAsync(DashboardApp.Instance("orders", "orders-2") with { Health = HealthStatus.Unhealthy });
        await app.RegisterAsync(DashboardApp.Instance("orders", "orders-3") with { Weight = 0 });

        var overview = await Eventually.IsAsync(() => app.GetAsync("/discovery/api/services"), known => known.GetProperty("registrations")[0].TryGetProperty("nextBeat", out _), cancellationToken: TestContext.Current.CancellationToken);

        var orders = overview.GetProperty("services").EnumerateArray().Single(service => service.GetProperty("name").GetString() == "orders");
        Assert.Equal("live", orders.GetProperty("source").GetString());
        Assert.True(orders.GetProperty("isWatched").GetBoolean());
        Assert.Equal(
            """{"total":3,"healthy":1,"degraded":0,"idle":1,"ejected":0,"held":0,"unhealthy":1}""", orders.GetProperty("instances").GetRawText());
        var own = Assert.Single(overview.GetProperty("registrations").EnumerateArray());
        Assert.Equal(("shop", "shop-1", "registered"), (Text(own, "service"), Text(own, "instanceId"), Text(own, "state")));
        Assert.InRange((own.GetProperty("nextBeat").GetDateTimeOffset() - own.GetProperty("lastBeat").GetDateTimeOffset()).TotalSeconds, 0, 5.5);
        Assert.Equal("InMemory", Text(Assert.Single(overview.GetProperty("registries").EnumerateArray()), "registry"));
    }

    [Fact]
    public async Task GetServices_BeyondMaxServices_AreNamedAndNotWatched()
    {
        await using var app = await DashboardApp.StartAsync(options: dashboard => dashboard.MaxServices = 1);
        await app.RegisterAsync(DashboardApp.Instance("a", "a-1"));
        await app.RegisterAsync(DashboardApp.Instance("b", "b-1"));

        var services = (await app.GetAsync("/discovery/api/services")).GetProperty("services").EnumerateArray().ToDictionary(service => Text(service, "name"));

        Assert.Equal((true, 1), (services["a"].GetProperty("isWatched").GetBoolean(), services["a"].GetProperty("instances").GetProperty("total").GetInt32()));
        Assert.False(services["b"].GetProperty("isWatched").GetBoolean());
        Assert.Equal("b-1", Text((await app.GetAsync("/discovery/api/services/b")).GetProperty("instances")[0], "id"));
    }

    // Which a registry of one's own may say.
    [Fact]
    public async Task GetService_OfAnInstanceInAHealthThatThereIsNot_ShowsItsNumber()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "orders-1") with { Health = (HealthStatus)7 });

        Assert.Equal("7", Text((await app.GetAsync("/discovery/api/services/orders")).GetProperty("instances")[0], "health"));
    }

    [Fact]
    public async Task GetService_OfManyInstances_GivesThePageThatIsAskedFor()
    {
        await using var app = await DashboardApp.StartAsync();
        for (var i = 0; i < 120; i++)
        {
            await app.RegisterAsync(DashboardApp.Instance("orders", $"orders-{i:000}") with { Zone = i % 10 == 0 ? "north" : "south" });
        }

        var all = await app.GetAsync("/discovery/api/services/orders?offset=100&limit=15");
        Assert.Equal((120, 100, 15), (all.GetProperty("matched").GetInt32(), all.GetProperty("offset").GetInt32(), all.GetProperty("instances").GetArrayLength()));
        Assert.Equal("orders-100", Text(all.GetProperty("instances")[0], "id"));

        var north = await app.GetAsync("/discovery/api/services/orders?filter=NORTH");
        Assert.Equal((12, 12), (north.GetProperty("matched").GetInt32(), north.GetProperty("instances").GetArrayLength()));
        Assert.Equal(50, (await app.GetAsync("/discovery/api/services/Orders")).GetProperty("instances").GetArrayLength());
    }

    [Fact]
    public async Task GetService_ThatIsCalled_SharesThePicksOut()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "a"));
        await app.RegisterAsync(DashboardApp.Instance("orders", "b"));
        var discovery = app.Services.GetRequiredService<IServiceDiscovery>();
        for (var i = 0; i < 40; i++)
        {
            (await discovery.PickAsync("orders", cancellationToken: TestContext.Current.CancellationToken)).Report(i == 0 ? PickOutcome.Failed : PickOutcome.Success);
        }

        (await discovery.PickAsync("orders", cancellationToken: TestContext.Current.CancellationToken)).Report(PickOutcome.Success);
        _ = await discovery.PickAsync("orders", cancellationToken: TestContext.Current.CancellationToken);
        var detail = await app.GetAsync("/discovery/api/services/orders");

        Assert.Equal((42, 1, 1), (detail.GetProperty("picks").GetInt32(), detail.GetProperty("failures").GetInt32(), detail.GetProperty("inFlight").GetInt32()));
        Assert.Equal(1, detail.GetProperty("instances").EnumerateArray().Sum(instance => instance.GetProperty("share").GetDouble()), 0.001);
        Assert.Equal(42, detail.GetProperty("busiest").EnumerateArray().Sum(each => each.GetProperty("picks").GetInt32()));
    }

    [Theory]
    [InlineData("/discovery/api/services/a%20b", HttpStatusCode.BadRequest)]
    [InlineData("/discovery/api/services/shop?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/discovery/api/services/shop?limit=201", HttpStatusCode.BadRequest)]
    [InlineData("/discovery/api/services/shop?offset=-1", HttpStatusCode.BadRequest)]
    [InlineData("/discovery/api/services/shop?offset=many", HttpStatusCode.BadRequest)]
    [InlineData("/discovery/api/services/nowhere", HttpStatusCode.NotFound)]
    public async Task GetService_ThatMakesNoSense_IsRefusedWithTheReason(string path, HttpStatusCode expected)
    {
        await using var app = await DashboardApp.StartAsync();
        using var answer = await app.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)expected, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(Text(problem.RootElement, "detail"));
    }

    [Fact]
    public async Task GetService_ThatNobodyHasRegistered_StartsNoWatch()
    {
        await using var app = await DashboardApp.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, await app.StatusAsync("/discovery/api/services/nowhere"));

        Assert.DoesNotContain(app.Services.GetRequiredService<IDiscoveryDiagnostics>().GetServices(), service => service.ServiceName == "nowhere");
    }

    [Fact]
    public async Task GetService_WithAUserInAnEndpoint_DoesNotShowIt()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "a") with { Endpoints = [new Uri("http://admin:canary@10.0.0.1:80/x")] });

        var detail = await app.GetAsync("/discovery/api/services/orders");

        Assert.Equal("http://10.0.0.1/x", detail.GetProperty("instances")[0].GetProperty("endpoints")[0].GetString());
        Assert.DoesNotContain("canary", detail.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Get_WhereTheRegistryEchoesTheToken_DoesNotShowIt(int status)
    {
        const string Canary = "canary-5f0e7d";
        await using var server = await FakeServer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")), context.RequestAborted);
        });
        await using var app = await DashboardApp.StartAsync(build: builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "Consul",
            ["Discovery:Consul:Address"] = server.Address.AbsoluteUri,
            ["Discovery:Consul:Token"] = Canary,
        }));

        var shown = await Eventually.IsAsync(
            async () => (await app.GetAsync("/discovery/api/services")).GetRawText() + await app.Http.GetStringAsync(app.Url, TestContext.Current.CancellationToken),
            text => text.Contains("lastError", StringComparison.Ordinal) && text.Contains("failingSince", StringComparison.Ordinal),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.DoesNotContain(Canary, shown, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
