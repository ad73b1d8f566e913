using System.Globalization;
using System.Text.RegularExpressions;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests;

/// <summary>One line for each change of state, and none for a beat or an attempt.</summary>
public sealed class LogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Log_OfManyBeats_IsEmptyEvenAtTrace(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Ttl", "00:00:02"), ("Logging__LogLevel__Discovery", "Trace"));
        await app.RegisteredAsync(registry);
        await app.InstancesAsync();
        var beats = await app.CountBeatsAsync();
        await Eventually.HoldsAsync(async () => await app.CountBeatsAsync() >= beats + 2, cancellationToken: Cancellation);
        var before = Events(app);
        Assert.Contains(100, before); // so that an empty list below means something
        beats = await app.CountBeatsAsync();
        await Eventually.HoldsAsync(async () => await app.CountBeatsAsync() >= beats + 6, cancellationToken: Cancellation);

        Assert.Empty(Events(app).Skip(before.Count));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.Servers), MemberType = typeof(RegistryUnderTest))]
    public async Task Log_OfAnOutage_HasOneLineForEachChange(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Ttl", "00:00:03"));
        await app.RegisteredAsync(registry);
        await app.InstancesAsync();
        var before = Events(app).Count;
        await registry.KillAsync();
        await app.Process.WaitForLineAsync("does not answer keep-alives", cancellationToken: Cancellation);
        var failures = await app.CountFailedCallsAsync();
        await Eventually.HoldsAsync(async () => await app.CountFailedCallsAsync() >= failures + 10, TimeSpan.FromSeconds(60), Cancellation);
        await registry.StartAgainAsync(wipe: false);
        await Eventually.HoldsAsync(async () => await app.CountInStateAsync("registered") == 1 && (await app.LookAsync()).Source == "live", TimeSpan.FromSeconds(60), Cancellation);

        var since = Events(app).Skip(before).ToList();
        Assert.Contains(103, since);
        Assert.Contains(201, since);
        Assert.All(since.CountBy(id => id), count => Assert.True(count.Value == 1, $"{string.Join(' ', since)}\n{app.Process.Output.Tail()}"));
    }

    private static List<int> Events(QuickStartApp app) =>
    [
        .. app.Process.Output.Lines.Select(line => Regex.Match(line, @"^\w+: Discovery\.\S+\[(\d+)\]"))
            .Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];
}
