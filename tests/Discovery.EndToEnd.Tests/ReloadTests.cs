using System.Diagnostics;
using System.Text.Json;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests;

/// <summary>appsettings.json is changed on disk under an app that runs.</summary>
[Collection("Timing")]
public sealed class ReloadTests : IDisposable
{
    private const int FewestLooks = 4;

    // A second, and what a busy machine takes.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Labels_ChangedInTheFile_AreInTheRegistryWithinASecondAndWithoutAGap(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        Write(tags: ["blue"], team: "shop", weight: 7, zone: "z1");
        await using var app = await StartAsync(registry);
        await using var watcher = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Enabled", "false"));
        await Eventually.HoldsAsync(async () => (await watcher.InstancesAsync()).ContainsKey(app.Id), cancellationToken: Cancellation);
        Assert.Equal(new("blue", "shop", 7, "z1"), await RegisteredLabels.ReadAsync(registry, app.Id));

        await using var stream = new WatchedStream(watcher);
        await Eventually.HoldsAsync(() => stream.Sets.Count > 0, cancellationToken: Cancellation);
        using var stopped = new CancellationTokenSource();
        var gaps = CountGapsAsync(registry, app.Id, stopped.Token);
        Write(tags: ["green", "new"], team: "stock", weight: 9, zone: "z2");
        var written = Stopwatch.GetTimestamp();
        await Eventually.IsAsync(
            () => RegisteredLabels.ReadAsync(registry, app.Id), labels => labels == new RegisteredLabels("green,new", "stock", 9, "z2"), cancellationToken: Cancellation);
        var took = Stopwatch.GetElapsedTime(written);
        await Eventually.HoldsAsync(() => stream.Sets[^1].Any(instance => instance.GetProperty("zone").GetString() == "z2"), cancellationToken: Cancellation);
        await stopped.CancelAsync();

        Assert.Equal(0, await gaps);
        Assert.All(stream.Sets, set => Assert.Equal(app.Id, Assert.Single(set).GetProperty("id").GetString()));
        Assert.InRange(took, TimeSpan.Zero, Soon);
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Reload_IntoWhatIsNotAllowed_KeepsWhatWasAndSaysSo(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        Write(tags: ["blue"], team: "shop", weight: 7, zone: "z1");
        await using var app = await StartAsync(registry);
        Write(tags: ["green"], team: "shop", weight: 5000, zone: "z1");
        await app.Process.WaitForLineAsync(
            @"Discovery:Registration:Weight is '5000'; allowed is a whole number from 0 to 1000\. The settings from before stay in force", cancellationToken: Cancellation);

        // A file that is not even JSON is .NET's to refuse; nothing of ours may end by it.
        _folder.Write("appsettings.json", "{ \"Discovery\": ");
        await app.SimulateAsync("degraded");
        await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart"))[app.Id] == "degraded", cancellationToken: Cancellation);
        Assert.Equal(new("blue", "shop", 7, "z1"), await RegisteredLabels.ReadAsync(registry, app.Id));

        Write(tags: ["green"], team: "shop", weight: 8, zone: "z1");
        await Eventually.IsAsync(
            () => RegisteredLabels.ReadAsync(registry, app.Id), labels => labels == new RegisteredLabels("green", "shop", 8, "z1"), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Setting_MistypedInTheEnvironmentAndLaterInTheFile_IsWarnedAboutOnceWithoutItsValue()
    {
        const string Secret = "canary-4b1c";
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        Write();
        await using var app = await QuickStartApp.StartAsync(
            registry, ("ASPNETCORE_CONTENTROOT", _folder.Path), ("Discovery__Registration__Weigth", "7"), ("Discovery__Consul__Tokn", Secret), ("Discovery__Registration__Metadata__tokn", "x"));
        await app.RegisteredAsync(registry);
        _folder.Write("appsettings.json", """{ "Discovery": { "Registration": { "Tags": "blue" } } }""");
        await app.Process.WaitForLineAsync("Discovery:Registration:Tags is set and has no effect: it is a list", cancellationToken: Cancellation);

        var warnings = app.Process.Output.Lines.Where(line => line.Contains("has no effect", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();
        Assert.Equal(3, warnings.Count);
        Assert.Contains("Discovery:Registration:Weigth is set and has no effect: there is no such setting. Did you mean Discovery:Registration:Weight?", warnings);
        Assert.Contains("Discovery:Consul:Tokn is set and has no effect: there is no such setting. Did you mean Discovery:Consul:Token?", warnings);
        Assert.DoesNotContain(app.Process.Output.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LoadBalancing_ChangedInTheFile_IsThatOfTheCallsWithinASecond()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        Write(loadBalancing: "PickFirst");
        await using var app = await StartAsync(registry);
        await using var sibling = await QuickStartApp.StartAsync(registry);
        await sibling.RegisteredAsync(registry);
        await Eventually.HoldsAsync(async () => (await app.InstancesAsync()).Count == 2, cancellationToken: Cancellation);
        Assert.Single(await CalledAsync(app, 20));

        Write(loadBalancing: "RoundRobin");
        var written = Stopwatch.GetTimestamp();
        await Eventually.IsAsync(() => CalledAsync(app, 4), called => called.Count == 2, cancellationToken: Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(written), TimeSpan.Zero, Soon);
    }

    private static async Task<HashSet<string>> CalledAsync(QuickStartApp app, int times)
    {
        var called = new HashSet<string>();
        for (var i = 0; i < times; i++)
        {
            called.Add((await app.GetAsync("/call/quickstart")).GetProperty("id").GetString()!);
        }

        return called;
    }

    // However soon the change is there: to look takes a program that is started, and is done a few times at least.
    private static async Task<int> CountGapsAsync(RegistryUnderTest registry, string id, CancellationToken stopped)
    {
        var missing = 0;
        for (var look = 1; look <= FewestLooks || !stopped.IsCancellationRequested; look++)
        {
            missing += (await registry.ListAsync("quickstart")).ContainsKey(id) ? 0 : 1;
            await Task.Delay(5, Cancellation);
        }

        return missing;
    }

    private async Task<QuickStartApp> StartAsync(RegistryUnderTest registry)
    {
        var app = await QuickStartApp.StartAsync(registry, ("ASPNETCORE_CONTENTROOT", _folder.Path), ("Discovery__Registration__Ttl", "00:00:06"));
        return await app.RegisteredAsync(registry);
    }

    private void Write(string[]? tags = null, string team = "", int weight = 100, string? zone = null, string loadBalancing = "PowerOfTwoChoices") =>
        _folder.Write("appsettings.json", JsonSerializer.Serialize(new
        {
            Discovery = new
            {
                Registration = new { Tags = tags ?? [], Metadata = new { team }, Weight = weight, Zone = zone },
                Client = new { LoadBalancing = loadBalancing },
            },
        }));
}
