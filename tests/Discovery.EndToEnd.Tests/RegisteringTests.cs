using System.Net;
using System.Text.Json;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests;

/// <summary>How an app comes, and how it fares while it runs.</summary>
public sealed class RegisteringTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Start_OfASecondCopy_AppearsInTheFirstsWatch(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var first = await QuickStartApp.StartAsync(registry);
        await first.RegisteredAsync(registry);
        using var stream = await first.Http.GetAsync(new Uri("/watch/quickstart", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var events = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));

        await using var second = await QuickStartApp.StartAsync(registry);
        await second.RegisteredAsync(registry);
        var line = "";
        while (line is not null && !line.Contains(second.Id, StringComparison.Ordinal))
        {
            line = await events.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        }

        using var seen = JsonDocument.Parse(line!["data: ".Length..]);
        Assert.Equal(new[] { first.Id, second.Id }.Order(), seen.RootElement.EnumerateArray().Select(instance => instance.GetProperty("id").GetString()).Order());
        Assert.Equal(["quickstart"], (await second.GetAsync("/services")).EnumerateArray().Select(name => name.GetString()).Where(name => name != "consul"));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Health_OfTheApp_IsWhatTheRegistryTellsWithinABeat(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Ttl", "00:00:06"));
        await app.RegisteredAsync(registry);
        foreach (var health in new[] { "unhealthy", "degraded", "healthy" })
        {
            await app.SimulateAsync(health);
            await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart")).GetValueOrDefault(app.Id) == health, TimeSpan.FromSeconds(10), Cancellation);
            Assert.Equal(health == "unhealthy" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK, await app.StatusAsync("/health/ready"));
            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
        }
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.Servers), MemberType = typeof(RegistryUnderTest))]
    public async Task Start_WhileTheRegistryIsDown_ServesAndRegistersWhenItComes(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await registry.KillAsync();
        await using var app = await QuickStartApp.StartAsync(registry);
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/whoami"));
        await app.Process.WaitForLineAsync("is not registered in", cancellationToken: Cancellation);
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/ready")); // Degraded

        await registry.StartAgainAsync(wipe: false);
        await app.RegisteredAsync(registry, TimeSpan.FromSeconds(15)); // a third of 15 s, 1 s, and what the machine takes
    }

    [Theory]
    [InlineData("/call/quickstart", HttpStatusCode.OK)]
    [InlineData("/call/nowhere", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/call/deaf", HttpStatusCode.BadGateway)]
    [InlineData("/call/a%20b", HttpStatusCode.BadRequest)]
    [InlineData("/instances/nowhere", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/discovery", HttpStatusCode.OK)]
    [InlineData("/metrics", HttpStatusCode.OK)]
    public async Task Get_OfEachPath_AnswersAsTheContractSays(string path, HttpStatusCode expected)
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        using var closed = FreePort.Take();
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Client__Static__deaf__0", $"http://127.0.0.1:{closed.Number}"));
        await app.RegisteredAsync(registry);
        using var answer = await app.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(expected, answer.StatusCode);
        if ((int)expected >= 400)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Metrics_BeforeAnyCall_ReportAtLeastFiveInstruments()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);
        var text = await app.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        var instruments = text.Split('\n').Where(line => line.StartsWith("# TYPE discovery_", StringComparison.Ordinal)).ToList();
        Assert.True(instruments.Count >= 5, text);
    }

    [Fact]
    public async Task Instances_OfTheAppItself_CarryAllThatIsConfigured()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await QuickStartApp.StartAsync(
            registry,
            ("Discovery__Registration__Version", "2.1"),
            ("Discovery__Registration__Zone", "z1"),
            ("Discovery__Registration__Weight", "7"),
            ("Discovery__Registration__Tags__0", "blue"),
            ("Discovery__Registration__Metadata__team", "shop"));
        await app.RegisteredAsync(registry);
        using var answer = await app.Http.GetAsync(new Uri("/instances/QuickStart", UriKind.Relative), Cancellation);
        Assert.Equal("live", Assert.Single(answer.Headers.GetValues("X-Discovery-Source")));
        Assert.Equal("0", Assert.Single(answer.Headers.GetValues("X-Discovery-Age-Seconds")));

        using var instances = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        var expected = $$"""[{"id":"{{app.Id}}","serviceName":"quickstart","endpoints":["{{app.Http.BaseAddress!.ToString().TrimEnd('/')}}"],"version":"2.1","zone":"z1","weight":7,"tags":["blue"],"metadata":{"team":"shop"},"health":"healthy"}]""";
        Assert.Equal(expected, instances.RootElement.GetRawText());
    }

    [Fact]
    public async Task Start_WithABadSetting_EndsWithOneMessageAndNoStackTrace()
    {
        await using var process = await AppProcess.StartAsync(QuickStartApp.Assembly, new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Discovery__Provider"] = "Local",
            ["Discovery__Registration__Ttl"] = "15",
        });
        Assert.NotEqual(0, await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Cancellation));
        var lines = process.Output.Lines;
        Assert.Contains(lines, line => line.Contains("Unhandled exception. Discovery:Registration:Ttl is '15.00:00:00 (15 days)'", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("Now listening", StringComparison.Ordinal));
    }
}
