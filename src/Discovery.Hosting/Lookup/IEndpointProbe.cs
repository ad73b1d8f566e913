namespace Discovery.Hosting.Lookup;

/// <summary>Finds out whether anything listens at an endpoint.</summary>
internal interface IEndpointProbe
{
    Task<ProbeResult> ProbeAsync(Uri endpoint, CancellationToken cancellationToken);
}
