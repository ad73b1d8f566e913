using Microsoft.AspNetCore.Http;

namespace Discovery.Dashboard.Api;

/// <summary>What OpenAPI is told of the endpoints: their parameters by the signatures below, and what they answer with.</summary>
internal static class ApiDescription
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    public static object[] Services { get; } =
    [
        ((Delegate)DescribeServices).Method,
        new TagsAttribute("Discovery"),
        new EndpointSummaryAttribute("All that the dashboard shows but the instances of a service"),
        new EndpointDescriptionAttribute("The services with the number of their instances, this app's registrations, the registries it calls and the last events, the newest last."),
        new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Overview), [Json]),
    ];

    public static object[] Service { get; } =
    [
        ((Delegate)DescribeService).Method,
        .. ((Delegate)DescribeService).Method.GetParameters().Select(parameter => new DescribedParameter(parameter)),
        new TagsAttribute("Discovery"),
        new EndpointSummaryAttribute("The instances of a service, a page at a time"),
        new EndpointDescriptionAttribute(
            "In the order of their IDs: from 'offset' on, at most 'limit' (1 to 200, 50 by default), of those that contain 'filter' in their ID, endpoints, health, version, zone, tags or metadata."),
        new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ServiceDetail), [Json]),
        new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(Problem), [ProblemJson]),
        new ProducesResponseTypeMetadata(StatusCodes.Status404NotFound, typeof(Problem), [ProblemJson]),
    ];

    public static object[] Events { get; } =
    [
        ((Delegate)DescribeEvents).Method,
        new TagsAttribute("Discovery"),
        new EndpointSummaryAttribute("What changes in that, as server-sent events"),
        new EndpointDescriptionAttribute(
            "First 'state', with all of it; then 'change', with what has changed, at most twice a second; and 'beat' while nothing changes. A reader that is too slow is cut off, and begins anew."),
        new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]),
        new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(Problem), [ProblemJson]),
    ];

    private static void DescribeServices()
    {
    }

    private static void DescribeService(string name, int? offset = null, int? limit = null, string? filter = null) => _ = (name, offset, limit, filter);

    private static void DescribeEvents()
    {
    }
}
