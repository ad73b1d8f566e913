using System.Net;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests;

/// <summary>Callers through an outage: real processes and registries.</summary>
public sealed class CallingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Consul", false)]
    [InlineData("Consul", true)]
    [InlineData("Etcd", false)]
    [InlineData("Etcd", true)]
    public async Task Callers_ThroughAnOutage_KeepTheLastGoodSetAndSaySo(string provider, bool wiped)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var first = await QuickStartApp.StartAsync(registry);
        await using var second = await QuickStartApp.StartAsync(registry);
        await first.RegisteredAsync(registry);
        await second.RegisteredAsync(registry);
        await Eventually.IsAsync(() => first.LookAsync(), known => known is { Source: "live", Age: 0, Ids.Count: 2 }, cancellationToken: Cancellation);

        await registry.KillAsync();
        await Eventually.IsAsync(() => first.LookAsync(), known => known is { Source: "stale", Age: > 0, Ids.Count: 2 }, TimeSpan.FromSeconds(30), Cancellation);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await first.StatusAsync("/call/quickstart"));
        }

        await registry.StartAgainAsync(wiped);
        await Eventually.IsAsync(
            async () =>
            {
                var known = await first.LookAsync();

                // Never none. One alone for a moment is right where a wiped registry has one back before the other, of a set so
                // small, and where Consul, whose TTLs ran out meanwhile, holds the one that has not beaten yet for critical.
                Assert.InRange(known.Ids.Count, provider == "Etcd" && !wiped ? 2 : 1, 2);
                Assert.Equal(HttpStatusCode.OK, await first.StatusAsync("/call/quickstart"));
                return known;
            },
            known => known is { Source: "live", Age: 0, Ids.Count: 2 },
            TimeSpan.FromSeconds(40),
            Cancellation);
        Assert.Equal(new[] { first.Id, second.Id }.Order(StringComparer.Ordinal), (await registry.ListAsync("quickstart")).Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.Servers), MemberType = typeof(RegistryUnderTest))]
    public async Task Caller_StartedDuringAnOutage_AnswersFromDisk(string provider)
    {
        using var folder = new TemporaryFolder();
        var cache = ("Discovery__Client__CacheDirectory", folder.Combine("cache"));
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);
        await using (var caller = await QuickStartApp.StartAsync(registry, cache, ("Discovery__Registration__Enabled", "false")))
        {
            await Eventually.IsAsync(() => caller.LookAsync(), known => known is { Source: "live", Ids.Count: 1 }, cancellationToken: Cancellation);
            await Eventually.HoldsAsync(() => Directory.Exists(cache.Item2) && Directory.GetFiles(cache.Item2, "quickstart*.json").Length == 1, cancellationToken: Cancellation);
        }

        await registry.KillAsync();
        await using var later = await QuickStartApp.StartAsync(registry, cache, ("Discovery__Registration__Enabled", "false"));
        var remembered = await later.LookAsync();
        Assert.Equal("disk", remembered.Source);
        Assert.Equal([app.Id], remembered.Ids);
        Assert.Equal(HttpStatusCode.OK, await later.StatusAsync("/call/quickstart"));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Service_ScaledToZero_IsGoneForItsCallersWithinSeconds(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var caller = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__ServiceName", "caller"));
        await using var first = await QuickStartApp.StartAsync(registry);
        await using var second = await QuickStartApp.StartAsync(registry);
        await first.RegisteredAsync(registry);
        await second.RegisteredAsync(registry);
        await Eventually.IsAsync(() => caller.LookAsync(), known => known.Ids.Count == 2, cancellationToken: Cancellation);

        var exits = await Task.WhenAll(first.Process.StopAsync(cancellationToken: Cancellation), second.Process.StopAsync(cancellationToken: Cancellation));
        Assert.All(exits, code => Assert.Equal(0, code));
        await Eventually.IsAsync(() => caller.LookAsync(), known => known.Ids.Count == 0, TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await caller.StatusAsync("/call/quickstart"));
    }
}
