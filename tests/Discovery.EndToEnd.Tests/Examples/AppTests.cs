using System.Net.Sockets;
using System.Text;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.Examples;

/// <summary>The examples that are apps do what their READMEs say.</summary>
public sealed class AppTests
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HttpCaller_TwoCopiesOfQuickStart_CallsThemInTurnAndIsNotRegistered()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var first = await QuickStartApp.StartAsync(registry);
        await using var second = await QuickStartApp.StartAsync(registry);
        await first.RegisteredAsync(registry);
        await second.RegisteredAsync(registry);
        await using var caller = await ExampleApp.StartAsync("HttpCaller", registry);
        var url = await caller.ListeningAsync();

        await Eventually.IsAsync(
            () => Http.GetStringAsync(new Uri(url, "/known"), Cancellation),
            known => known.StartsWith("2 instances (Live)", StringComparison.Ordinal), cancellationToken: Cancellation);
        var answers = new HashSet<string>();
        await Eventually.HoldsAsync(
            async () => answers.Add(await Http.GetStringAsync(url, Cancellation)) && answers.Count == 2, cancellationToken: Cancellation);
        Assert.Empty(await registry.ListAsync("httpcaller"));
        Assert.Equal(0, await caller.StopAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Worker_WithoutAServer_IsRegisteredWhereItListensAndLeavesOnSigterm()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        using var port = FreePort.Take();
        await using var worker = await ExampleApp.StartAsync("Worker", registry, ("Discovery__Registration__Endpoints__0", $"tcp://127.0.0.1:{port.Number}"));
        var instances = await Eventually.IsAsync(() => registry.ListAsync("worker"), found => found.Count == 1, cancellationToken: Cancellation);
        Assert.EndsWith($"-{port.Number}", instances.Keys.Single(), StringComparison.Ordinal);

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port.Number, Cancellation);
        await client.GetStream().WriteAsync("pack parcel 7\n"u8.ToArray(), Cancellation);
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        Assert.Equal($"taken by {instances.Keys.Single()}", await reader.ReadLineAsync(Cancellation));
        await worker.WaitForLineAsync("Done: pack parcel 7", cancellationToken: Cancellation);

        Assert.Equal(0, await worker.StopAsync(cancellationToken: Cancellation));
        Assert.Empty(await registry.ListAsync("worker"));
    }

    [Fact]
    public async Task CustomRegistry_Started_FindsItself()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await ExampleApp.StartAsync("CustomRegistry", registry, ("Discovery__Provider", "Memory"));
        var url = await app.ListeningAsync();

        await Eventually.IsAsync(
            () => Http.GetStringAsync(url, Cancellation),
            answer => answer.Contains($"at {url.ToString().TrimEnd('/')}", StringComparison.Ordinal), cancellationToken: Cancellation);
        Assert.Equal(0, await app.StopAsync(cancellationToken: Cancellation));
    }
}
