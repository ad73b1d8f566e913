namespace Discovery.Dashboard.Api;

/// <summary>A service with a page of its instances.</summary>
/// <param name="Time">When it was so.</param>
/// <param name="Service">The service in a few numbers.</param>
/// <param name="Picks">Calls that this process has sent to its instances, since each was registered.</param>
/// <param name="Failures">Of these, those that failed.</param>
/// <param name="InFlight">Calls that are not answered yet.</param>
/// <param name="Busiest">The ten instances that were called most.</param>
/// <param name="History">How many instances there have been lately, the oldest first.</param>
/// <param name="Matched">How many instances the filter leaves.</param>
/// <param name="Offset">How many of these come before the page.</param>
/// <param name="Instances">The page.</param>
internal sealed record ServiceDetail(
    DateTimeOffset Time,
    ServiceSummary Service,
    long Picks,
    long Failures,
    int InFlight,
    IReadOnlyList<PickShare> Busiest,
    IReadOnlyList<HistoryPoint> History,
    int Matched,
    int Offset,
    IReadOnlyList<InstanceView> Instances);
