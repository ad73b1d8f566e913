using System.Net;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>The contract of QuickStart, held by its native program.</summary>
public sealed class NativeQuickStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Native_IsAProgramWithoutWarnings()
    {
        var program = await NativeQuickStart.GetAsync();
        Assert.DoesNotContain("warning", await NativeQuickStart.GetOutputAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal([0x7f, .. "ELF"u8], (await File.ReadAllBytesAsync(program, Cancellation))[..4]);
        Assert.False(File.Exists(Path.ChangeExtension(program, ".dll")));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Run_Native_KeepsTheContract(string provider)
    {
        var program = await NativeQuickStart.GetAsync();
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var first = await QuickStartApp.StartAsync(registry, [("Discovery__Registration__Ttl", "00:00:06")], [], program);
        await using var second = await QuickStartApp.StartAsync(
            registry, [("Discovery__Registration__Ttl", "00:00:06"), ("Discovery__Registration__Weigth", "7")], [], program);
        await second.Process.WaitForLineAsync("Discovery:Registration:Weigth is set and has no effect: .* Did you mean Discovery:Registration:Weight", cancellationToken: Cancellation);
        Assert.DoesNotContain(first.Process.Output.Lines, line => line.Contains("has no effect", StringComparison.Ordinal)); // settings are known though they are trimmed
        await first.RegisteredAsync(registry);
        await second.RegisteredAsync(registry);

        await Eventually.IsAsync(() => first.LookAsync(), known => known is { Source: "live", Age: 0, Ids.Count: 2 }, cancellationToken: Cancellation);
        Assert.Contains("quickstart", (await first.GetAsync("/services")).EnumerateArray().Select(name => name.GetString()));
        var called = new HashSet<string>();
        await Eventually.HoldsAsync(
            async () => called.Add((await first.GetAsync("/call/quickstart")).GetProperty("id").GetString()!) && called.Count == 2, cancellationToken: Cancellation);
        foreach (var path in new[] { "/", "/discovery", "/health/live", "/health/ready" })
        {
            Assert.Equal(HttpStatusCode.OK, await first.StatusAsync(path));
        }

        Assert.Equal(1, await first.CountInStateAsync("registered"));
        await second.SimulateAsync("degraded");
        await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart")).GetValueOrDefault(second.Id) == "degraded", cancellationToken: Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await first.StatusAsync("/call/nowhere"));

        Assert.Equal(0, await second.SignalAsync(Signal.Terminate));
        Assert.Equal([first.Id], (await registry.ListAsync("quickstart")).Keys);
        await Eventually.IsAsync(() => first.LookAsync(), known => known.Ids.SequenceEqual([first.Id]), cancellationToken: Cancellation);
    }
}
