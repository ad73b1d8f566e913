namespace Discovery.Dashboard.Api;

/// <summary>Which of a service's instances are asked for.</summary>
/// <param name="Offset">How many to leave out at the beginning.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Filter">What their ID, endpoints, version, zone, tags or metadata must contain; empty for all.</param>
internal sealed record InstancePage(int Offset, int Limit, string Filter)
{
    public bool Matches(ServiceInstance instance) =>
        Filter.Length == 0
        || Contains(instance.Id)
        || Contains(instance.Version)
        || Contains(instance.Zone)
        || Contains(instance.Health.ToString())
        || instance.Tags.Any(Contains)
        || instance.Endpoints.Any(endpoint => Contains(endpoint.Authority))
        || instance.Metadata.Any(pair => Contains(pair.Key) || Contains(pair.Value));

    private bool Contains(string? text) => text?.Contains(Filter, StringComparison.OrdinalIgnoreCase) == true;
}
