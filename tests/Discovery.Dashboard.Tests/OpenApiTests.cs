using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Dashboard.Tests;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_OfAnAppThatHasOne_DescribesTheJson()
    {
        await using var app = await DashboardApp.StartAsync(build: builder => builder.Services.AddOpenApi(), map: app => app.MapOpenApi());

        var paths = (await app.GetAsync("/openapi/v1.json")).GetProperty("paths");

        Assert.Equal(
            ["/discovery/api/events", "/discovery/api/services", "/discovery/api/services/{name}"],
            paths.EnumerateObject().Select(path => path.Name).Where(path => path.StartsWith("/discovery", StringComparison.Ordinal)).Order());
        var service = paths.GetProperty("/discovery/api/services/{name}").GetProperty("get");
        Assert.Equal(
            ["name path", "offset query", "limit query", "filter query"],
            service.GetProperty("parameters").EnumerateArray().Select(parameter => $"{parameter.GetProperty("name").GetString()} {parameter.GetProperty("in").GetString()}"));
        Assert.Equal(["200", "400", "404"], service.GetProperty("responses").EnumerateObject().Select(response => response.Name));
        Assert.True(service.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").TryGetProperty("schema", out _));
        Assert.True(paths.GetProperty("/discovery/api/events").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _));
        Assert.NotEmpty(service.GetProperty("summary").GetString()!);
    }
}
