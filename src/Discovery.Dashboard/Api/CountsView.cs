namespace Discovery.Dashboard.Api;

/// <summary>How many instances there are, see <see cref="InstanceCounts"/>.</summary>
internal sealed record CountsView(int Total, int Healthy, int Degraded, int Idle, int Ejected, int Held, int Unhealthy)
{
    public static CountsView Of(InstanceCounts counts) =>
        new(counts.Total, counts.Healthy, counts.Degraded, counts.Idle, counts.Ejected, counts.Held, counts.Unhealthy);
}
