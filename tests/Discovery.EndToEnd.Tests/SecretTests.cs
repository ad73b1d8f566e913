using System.Net;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests;

/// <summary>
/// Everything that an app of this library says to people who look at it from outside: its pages, streams and metrics over HTTP, and what it writes to the console
/// at its most talkative. A secret that is in use, or was refused, is in none of it.
/// </summary>
public sealed class SecretTests
{
    private const string Refused = "canary-5f0e7d";

    // Each page with a text of which no secret is a part: a page that was not read proves nothing.
    private static readonly (string Path, string Marker)[] Pages =
    [
        ("/", "quickstart"),
        ("/whoami", "quickstart"),
        ("/discovery", "discovery"),
        ("/services", "e"),
        ("/instances/quickstart", "["),
        ("/instances/payments", "["),
        ("/watch/quickstart", "data:"),
        ("/call/quickstart", "quickstart"),
        ("/call/payments", "payments"),
        ("/health/live", "healthy"),
        ("/health/ready", "e"),
        ("/metrics", "discovery_registrations"),
        ("/no/such/page", ""),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Consul_TokenInUseOrRefused_IsOnNoPageAndNotInTheLog(bool isRight)
    {
        var token = Guid.NewGuid().ToString();
        await using var server = await ConsulServer.StartAsync(new ConsulServerOptions { BootstrapToken = token }, Cancellation);
        await AssertSilentAsync(isRight, server.Address, isRight ? token : Refused, new()
        {
            ["Discovery__Provider"] = "Consul",
            ["Discovery__Consul__Address"] = server.Address.GetLeftPart(UriPartial.Authority),
            ["Discovery__Consul__Token"] = isRight ? token : Refused,
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Etcd_PasswordInUseOrRefused_IsOnNoPageAndNotInTheLog(bool isRight)
    {
        const string Password = "marvellous-71c2";
        await using var server = await EtcdServer.StartAsync(cancellationToken: Cancellation);
        foreach (var command in (string[][])[["user", "add", $"root:{Password}"], ["user", "grant-role", "root", "root"], ["auth", "enable"]])
        {
            await server.EtcdctlAsync(command);
        }

        await AssertSilentAsync(isRight, server.Endpoint, isRight ? Password : Refused, new()
        {
            ["Discovery__Provider"] = "Etcd",
            ["Discovery__Etcd__Endpoints__0"] = server.Endpoint.GetLeftPart(UriPartial.Authority),
            ["Discovery__Etcd__Username"] = "root",
            ["Discovery__Etcd__Password"] = isRight ? Password : Refused,
        });
    }

    private static async Task AssertSilentAsync(bool isRegistered, Uri registry, string secret, Dictionary<string, string?> environment)
    {
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        environment["ASPNETCORE_ENVIRONMENT"] = "Development"; // the page of an unhandled exception shows all there is to show
        environment["Discovery__Client__CacheDirectory"] = "";
        environment["Discovery__Registration__DrainDelay"] = "00:00:00";
        foreach (var category in (string[])["Default", "Microsoft.AspNetCore", "Microsoft.Extensions.Diagnostics.HealthChecks", "System.Net.Http"])
        {
            environment[$"Logging__LogLevel__{category}"] = "Trace";
        }

        await using var app = await AppProcess.StartAsync(QuickStartApp.Assembly, environment);
        var listening = await app.WaitForLineAsync(@"Now listening on: (http://127\.0\.0\.1:\d+)", TimeSpan.FromSeconds(60), Cancellation);
        using var http = new HttpClient { BaseAddress = new(listening.Groups[1].Value) };
        await Eventually.IsAsync(
            () => http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation),
            metrics => isRegistered ? metrics.Contains("discovery_state=\"registered\"} 1", StringComparison.Ordinal) : metrics.Contains("error_type=\"denied\"", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60), Cancellation);

        foreach (var (path, marker) in Pages)
        {
            var page = await ReadAsync(http, path);
            Assert.True(page.Contains(marker, StringComparison.OrdinalIgnoreCase), $"{path} has no '{marker}': {page}");
            Assert.False(page.Contains(secret, StringComparison.Ordinal), $"{path}: {page}");
        }

        await app.StopAsync(TimeSpan.FromSeconds(60), Cancellation);
        var log = string.Join('\n', app.Output.Lines);
        Assert.Contains(registry.Authority, log, StringComparison.Ordinal);
        Assert.Contains("dbug: ", log, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
    }

    /// <summary>The headers and the body; of a stream, its first event.</summary>
    private static async Task<string> ReadAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html"); // as a browser asks
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var head = $"{(int)answer.StatusCode} {answer.Headers} {answer.Content.Headers}";
        if (answer.StatusCode is not HttpStatusCode.OK || answer.Content.Headers.ContentType?.MediaType is not "text/event-stream")
        {
            return head + await answer.Content.ReadAsStringAsync(Cancellation);
        }

        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        return head + await lines.ReadLineAsync(Cancellation);
    }
}
