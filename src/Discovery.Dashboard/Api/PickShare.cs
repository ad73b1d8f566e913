namespace Discovery.Dashboard.Api;

/// <summary>How many of a service's calls an instance has had.</summary>
internal sealed record PickShare(string Id, long Picks, long Failures);
