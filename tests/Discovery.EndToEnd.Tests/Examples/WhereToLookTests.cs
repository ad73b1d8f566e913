using System.Net;
using Discovery.EndToEnd.Tests.Registries;

namespace Discovery.EndToEnd.Tests.Examples;

/// <summary>Where QuickStart says to look, there it is.</summary>
public sealed class WhereToLookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://*:0", "localhost")]
    [InlineData("http://0.0.0.0:0", "localhost")]
    [InlineData("http://127.0.0.1:0", "127.0.0.1")]
    public async Task Output_OfQuickStart_NamesWhatABrowserCanOpen(string urls, string host)
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await ExampleApp.StartAsync("QuickStart", registry, ("ASPNETCORE_URLS", urls));
        var dashboard = new Uri((await app.WaitForLineAsync(@"the dashboard is at\s+(\S+)", TimeSpan.FromSeconds(60), Cancellation)).Groups[1].Value);

        Assert.Equal(host, dashboard.Host);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(dashboard, Cancellation)).StatusCode);
        var page = await http.GetStringAsync(new Uri(dashboard, "/"), Cancellation);
        Assert.Contains($"--urls http://127.0.0.1:{dashboard.Port + 1}", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/discovery\"", page, StringComparison.Ordinal);
    }
}
