using System.Net;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests;

/// <summary>How an app leaves: real processes, real signals, real registries.</summary>
public sealed class LeavingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RegistryUnderTest.All), MemberType = typeof(RegistryUnderTest))]
    public async Task Sigterm_WithARequestAndAStreamOpen_LeavesTheRegistryWhileThePortAnswersAndExitsWithZero(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);
        using var stream = await app.Http.GetAsync(new Uri("/watch/quickstart", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var events = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));
        Assert.Contains(app.Id, await events.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        var slow = app.StatusAsync("/slow?ms=1500");
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/ready")); // the slow request is under way before this one is answered

        var exit = app.SignalAsync(Signal.Terminate);
        await Eventually.HoldsAsync(async () => !(await registry.ListAsync("quickstart")).ContainsKey(app.Id), TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/whoami"));
        Assert.Equal(HttpStatusCode.OK, await slow);
        Assert.Equal(0, await exit);
        Assert.DoesNotContain(app.Process.Output.Lines, line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sigterm_WithAStreamOpen_EndsItAtOnce()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__DrainDelay", "00:00:20"));
        await app.RegisteredAsync(registry);
        using var stream = await app.Http.GetAsync(new Uri("/watch/quickstart", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var events = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));
        app.Process.Send(Signal.Terminate);

        await events.ReadToEndAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.True(app.Process.IsRunning); // the drain goes on; what ended is the stream
    }

    [Fact]
    public async Task CtrlC_OfARegisteredApp_LeavesAndExitsWithZero()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);
        Assert.Equal(0, await app.SignalAsync(Signal.Interrupt));
        Assert.Empty(await registry.ListAsync("quickstart"));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.Servers), MemberType = typeof(RegistryUnderTest))]
    public async Task Sigterm_WhileTheRegistryHangs_ExitsWithZeroWithinABound(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);
        registry.Suspend();

        // 3 s to revoke, 2 s to drain, and what the machine takes.
        Assert.Equal(0, await app.SignalAsync(Signal.Terminate, TimeSpan.FromSeconds(15)));
        Assert.Contains(app.Process.Output.Lines, line => line.Contains("could not be taken out", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(RegistryUnderTest.Servers), MemberType = typeof(RegistryUnderTest))]
    public async Task Sigterm_WhileTheRegistryIsDown_ExitsWithZeroWithinABound(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var app = await QuickStartApp.StartAsync(registry);
        await app.RegisteredAsync(registry);
        await registry.KillAsync();
        Assert.Equal(0, await app.SignalAsync(Signal.Terminate, TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public async Task Sigkill_OfARegisteredApp_IsGoneFromLocalLongBeforeItsTtl()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var watcher = await QuickStartApp.StartAsync(registry);
        await watcher.RegisteredAsync(registry);
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Ttl", "00:10:00"));
        await app.RegisteredAsync(registry);
        await Eventually.HoldsAsync(async () => (await watcher.InstancesAsync()).Count == 2, cancellationToken: Cancellation);

        Assert.Equal(137, await app.SignalAsync(Signal.Kill));
        await Eventually.HoldsAsync(async () => !(await watcher.InstancesAsync()).ContainsKey(app.Id), TimeSpan.FromSeconds(10), Cancellation);
    }
}
