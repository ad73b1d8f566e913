using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Discovery.Dashboard.Tests;

public sealed class PageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Page_AllowsItsOwnScriptAndStyleOnly()
    {
        await using var app = await DashboardApp.StartAsync();
        using var answer = await app.Http.GetAsync(app.Url, Cancellation);
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains($"script-src 'sha256-{HashOf(page, "script")}';", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src 'sha256-{HashOf(page, "style")}';", policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/discovery")]
    [InlineData("/discovery/api/services")]
    [InlineData("/discovery/api/services/nowhere")]
    [InlineData("/discovery/api/events")]
    public async Task Get_AnyPath_TellsBrowsersToTrustNothing(string path)
    {
        await using var app = await DashboardApp.StartAsync();
        using var answer = await app.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);

        string Header(string name) => answer.Headers.GetValues(name).Single();
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
        Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Get_PageThatIsKnown_IsNotSentAgain()
    {
        await using var app = await DashboardApp.StartAsync();
        using var first = await app.Http.GetAsync(app.Url, Cancellation);
        using var again = new HttpRequestMessage(HttpMethod.Get, app.Url) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var answer = await app.Http.SendAsync(again, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task Page_NeedsNothingFromElsewhereAndMakesNoMarkupOfText()
    {
        await using var app = await DashboardApp.StartAsync();
        var page = await app.Http.GetStringAsync(app.Url, Cancellation);

        // The name of SVG is written like an address, and is none.
        Assert.DoesNotMatch(@"(https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9.-]+\.[a-z]{2,}", page);
        Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function|srcdoc| on[a-z]+=", page);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
    }

    private static string HashOf(string page, string tag)
    {
        var text = Assert.Single(Regex.Matches(page, $"<{tag}[^>]*>(.*?)</{tag}>", RegexOptions.Singleline)).Groups[1].Value;
        Assert.NotEmpty(text);
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
