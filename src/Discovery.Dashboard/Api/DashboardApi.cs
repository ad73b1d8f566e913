using System.Globalization;
using Discovery.Dashboard.Live;
using Discovery.Dashboard.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Discovery.Dashboard.Api;

/// <summary>Answers requests for the page, for what it shows, and for what changes in that.</summary>
internal sealed class DashboardApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxFilterLength = 100;

    private readonly Lazy<LiveDashboard> _dashboard;

    /// <summary>Asks for nothing until the first request: what is wrong with the settings is for the app's start to say.</summary>
    public DashboardApi(IServiceProvider services, DiscoveryDashboardOptions options) => _dashboard = new(() => LiveDashboard.Create(services, options));

    public static Task GetPageAsync(HttpContext context)
    {
        var page = DashboardPage.Instance;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = page.ContentSecurityPolicy;
        headers.CacheControl = "no-cache";
        headers.ETag = page.ETag;
        if (context.Request.Headers.IfNoneMatch == page.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = page.Content.Length;
        return context.Response.BodyWriter.WriteAsync(page.Content, context.RequestAborted).AsTask();
    }

    public async Task GetServicesAsync(HttpContext context)
    {
        var dashboard = _dashboard.Value;
        await dashboard.Services.RefreshAsync(context.RequestAborted).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(dashboard.Observer.Observe(), DashboardJson.Default.Overview, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    public async Task GetServiceAsync(HttpContext context)
    {
        if (!ServiceName.TryNormalize(context.GetRouteValue("name") as string, out var name))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"That is not a service name; allowed are {ServiceName.Allowed}.").ConfigureAwait(false);
            return;
        }

        if (!TryReadPage(context.Request.Query, out var asked))
        {
            await RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"'offset' must be 0 or more, 'limit' 1 to {MaxLimit}, 'filter' at most {MaxFilterLength} characters long.").ConfigureAwait(false);
            return;
        }

        if (await _dashboard.Value.GetServiceAsync(name, asked, context.RequestAborted).ConfigureAwait(false) is { } detail)
        {
            await context.Response.WriteAsJsonAsync(detail, DashboardJson.Default.ServiceDetail, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"No service '{name}' is known.").ConfigureAwait(false);
        }
    }

    public async Task GetEventsAsync(HttpContext context)
    {
        var dashboard = _dashboard.Value;
        using var viewer = dashboard.Feed.TryJoin();
        if (viewer is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "So many look on already that no more are let in.").ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, viewer.Dropped, dashboard.Stopping);
        try
        {
            await foreach (var message in viewer.ReadAsync(ended.Token).ConfigureAwait(false))
            {
                await context.Response.BodyWriter.WriteAsync(message, ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            if (viewer.Dropped.IsCancellationRequested)
            {
                // What the server still holds for somebody who does not read is let go of at once.
                context.Abort();
            }
        }
    }

    private static bool TryReadPage(IQueryCollection query, out InstancePage page)
    {
        var filter = query["filter"].ToString();
        page = new(0, DefaultLimit, filter);
        if (!TryReadNumber(query, "offset", 0, out var offset) || !TryReadNumber(query, "limit", DefaultLimit, out var limit))
        {
            return false;
        }

        page = new(offset, limit, filter);
        return limit is > 0 and <= MaxLimit && filter.Length <= MaxFilterLength;
    }

    private static bool TryReadNumber(IQueryCollection query, string name, int otherwise, out int number)
    {
        number = otherwise;
        return !query.TryGetValue(name, out var text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static Task RefuseAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Problem(status, detail), DashboardJson.Default.Problem, "application/problem+json", context.RequestAborted);
    }
}
