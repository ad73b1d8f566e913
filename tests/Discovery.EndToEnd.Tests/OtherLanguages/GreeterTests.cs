using System.Net;
using System.Text.Json;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.OtherLanguages;

/// <summary>examples/OtherLanguages, as its README has it run.</summary>
public sealed class GreeterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Example_OnceBothRun_EachCallsTheOtherUntilItLeaves()
    {
        await using var registry = await RegistryUnderTest.StartAsync("Etcd");
        await using var greeter = await GoProgram.StartAsync(LanguagePrograms.Greeter, registry.Address.Authority, "127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = new Uri((await greeter.WaitForLineAsync(@"listening on (http://127\.0\.0\.1:\d+)")).Groups[1].Value) };
        var id = (await greeter.WaitForLineAsync(@"registered as (greeter-\d+)")).Groups[1].Value;
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Etcd__Layout", "Kratos"));

        // .NET finds and calls Go.
        await Eventually.IsAsync(() => app.StatusAsync("/call/greeter"), status => status == HttpStatusCode.OK, cancellationToken: Cancel);
        Assert.Equal(id, (await app.GetAsync("/call/greeter")).GetProperty("id").GetString());
        var seen = (await app.InstancesAsync("greeter"))[id];
        Assert.Equal(("v1", 100), (seen.GetProperty("version").GetString(), seen.GetProperty("weight").GetInt32()));

        // Go finds and calls .NET.
        var answer = await Eventually.IsAsync(() => CallAsync(http), found => found.Status == HttpStatusCode.OK, cancellationToken: Cancel);
        using (var whoami = JsonDocument.Parse(answer.Body))
        {
            Assert.Equal(("quickstart", app.Process.Id), (whoami.RootElement.GetProperty("service").GetString(), whoami.RootElement.GetProperty("pid").GetInt32()));
        }

        // kratos's layout has no place for health: who is unhealthy is not there.
        await app.SimulateAsync("unhealthy");
        await Eventually.IsAsync(() => CallAsync(http), found => found.Status == HttpStatusCode.ServiceUnavailable, cancellationToken: Cancel);
        await app.SimulateAsync("healthy");
        await Eventually.IsAsync(() => CallAsync(http), found => found.Status == HttpStatusCode.OK, cancellationToken: Cancel);

        Assert.Equal(0, await greeter.StopAsync());
        Assert.Contains("left the registry", greeter.Output.Tail(), StringComparison.Ordinal);
        await Eventually.IsAsync(() => app.InstancesAsync("greeter"), found => found.Count == 0, cancellationToken: Cancel);
    }

    [Fact]
    public async Task Greeter_WithoutEtcd_SaysSoAndKeepsNobodyWaiting()
    {
        using var nobody = FreePort.Take();
        await using var greeter = await GoProgram.StartAsync(LanguagePrograms.Greeter, $"127.0.0.1:{nobody.Number}", "127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = new Uri((await greeter.WaitForLineAsync(@"listening on (http://127\.0\.0\.1:\d+)")).Groups[1].Value) };

        await greeter.WaitForLineAsync("not registered: ");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var answer = await http.GetAsync(new Uri("/call/quickstart", UriKind.Relative), limit.Token);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);

        Assert.Equal(0, await greeter.StopAsync());
        Assert.DoesNotContain("left the registry", greeter.Output.Tail(), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Body)> CallAsync(HttpClient greeter)
    {
        using var answer = await greeter.GetAsync(new Uri("/call/quickstart", UriKind.Relative), Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
