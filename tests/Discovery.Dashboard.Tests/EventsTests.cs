using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Discovery.Testing;

namespace Discovery.Dashboard.Tests;

public sealed class EventsTests
{
    [Fact]
    public async Task Get_BeginsWithAllAndGoesOnWithWhatChanges()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "a"));
        await using var stream = await EventStream.OpenAsync(app);

        Assert.Equal("state", (await stream.NextAsync())!.Value.Name);
        await stream.NextAsync(change => CountOf(change, "orders") == 1);
        var lease = await app.RegisterAsync(DashboardApp.Instance("orders", "b"));
        var joined = await stream.NextAsync(change => CountOf(change, "orders") == 2);
        await lease.RevokeAsync(TestContext.Current.CancellationToken);
        var left = await stream.NextAsync(change => CountOf(change, "orders") == 1);

        Assert.Equal(["instanceJoined b"], EventsOf(joined, "orders"));
        Assert.Equal(["instanceLeft b"], EventsOf(left, "orders"));
        Assert.DoesNotContain(joined.GetProperty("services").EnumerateArray(), service => service.GetProperty("name").GetString() == "shop");
    }

    [Fact]
    public async Task Get_WhileTheRegistryIsDown_TellsThatItIsStale()
    {
        await using var app = await DashboardApp.StartAsync();
        await app.RegisterAsync(DashboardApp.Instance("orders", "a"));
        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync(change => CountOf(change, "orders") == 1);

        app.Registry.Faults.FailingWith = RegistryErrorKind.Unavailable;
        app.Registry.Faults.BreakWatches();
        var stale = await stream.NextAsync(change => Find(change, "orders")?.GetProperty("source").GetString() == "stale");
        app.Registry.Faults.FailingWith = null;
        await stream.NextAsync(change => Find(change, "orders")?.GetProperty("source").GetString() == "live");

        Assert.Contains("sourceChanged", EventsOf(stale, "orders").Select(text => text.Split(' ')[0]));
    }

    [Fact]
    public async Task Stop_WithStreamsOpen_EndsThemAndIsNotHeldUp()
    {
        await using var app = await DashboardApp.StartAsync();
        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync();
        var started = Stopwatch.GetTimestamp();

        await app.StopAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10); // Kestrel would wait for 30
        while (await stream.NextAsync() is not null)
        {
            // what was under way
        }
    }

    [Fact]
    public async Task Get_BeyondMaxViewers_IsRefusedUntilSomebodyLeaves()
    {
        await using var app = await DashboardApp.StartAsync(options: dashboard => dashboard.MaxViewers = 1);
        await using (var stream = await EventStream.OpenAsync(app))
        {
            await stream.NextAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/discovery/api/events"));
        }

        await Eventually.IsAsync(() => app.StatusAsync("/discovery/api/events"), status => status == HttpStatusCode.OK, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static JsonElement? Find(JsonElement change, string service) => !change.TryGetProperty("services", out var services) ? null
        : services.EnumerateArray().Select(each => (JsonElement?)each).FirstOrDefault(each => each!.Value.GetProperty("name").GetString() == service);

    private static int? CountOf(JsonElement change, string service) => Find(change, service)?.GetProperty("instances").GetProperty("total").GetInt32();

    private static string[] EventsOf(JsonElement change, string service) => !change.TryGetProperty("events", out var events) ? []
        : [.. events.EnumerateArray()
            .Where(each => each.GetProperty("service").GetString() == service)
            .Select(each => $"{each.GetProperty("kind").GetString()} {(each.TryGetProperty("instanceId", out var id) ? id.GetString() : "")}")];
}
