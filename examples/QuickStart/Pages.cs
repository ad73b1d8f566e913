using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace QuickStart;

/// <summary>Pages for people.</summary>
internal static class Pages
{
    private const string Style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
        body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
        table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top }
        code { font-size: .95em } @media (min-width: 40rem) { td:first-child { white-space: nowrap } }
        """;

    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/", (OwnRegistration own) => Html("QuickStart", Home(own.WhoAmI, own.AnotherUrl)));
    }

    private static string Home(WhoAmI me, string anotherUrl)
    {
        var service = UrlEncoder.Default.Encode(me.Service);
        return new StringBuilder("<h1>QuickStart</h1><p>This is <code>").Text(me.Id ?? "not registered yet").Append("</code> of service <code>").Text(me.Service).Append(CultureInfo.InvariantCulture, $"""
            </code>. Start a second copy with <code>--urls {anotherUrl}</code> and look at the dashboard: both know each other at once.</p>
            <table>
            <tr><td><a href="/discovery">/discovery</a><td>the dashboard: the registry as this app sees it, live
            <tr><td><a href="/instances/{service}">/instances/{service}</a><td>its instances, from memory
            <tr><td><a href="/watch/{service}">/watch/{service}</a><td>the same, as they change
            <tr><td><a href="/services">/services</a><td>all services
            <tr><td><a href="/call/{service}">/call/{service}</a><td>a call to one of them, by name
            <tr><td><a href="/whoami">/whoami</a><td>which copy answers
            <tr><td><a href="/slow?ms=1500">/slow?ms=1500</a><td>a slow answer: stop the app meanwhile, it is still given
            <tr><td><code>POST /simulate/unhealthy</code><td><form method="post">the app's health from then on, as the dashboard shows within a beat (5 s):
                <button formaction="/simulate/healthy">healthy</button> <button formaction="/simulate/degraded">degraded</button> <button formaction="/simulate/unhealthy">unhealthy</button></form>
            <tr><td><a href="/health/live">/health/live</a>, <a href="/health/ready">/health/ready</a><td>what an orchestrator asks
            <tr><td><a href="/metrics">/metrics</a><td>Prometheus
            </table>
            """).ToString();
    }

    private static ContentHttpResult Html(string title, string body) => TypedResults.Content(
        $"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{title}</title><link rel='icon' href='data:,'><style>{Style}</style>{body}</html>",
        "text/html; charset=utf-8");

    private static StringBuilder Text(this StringBuilder page, string text) => page.Append(HtmlEncoder.Default.Encode(text));
}
