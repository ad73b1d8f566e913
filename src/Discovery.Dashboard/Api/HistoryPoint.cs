namespace Discovery.Dashboard.Api;

/// <summary>How many instances there were from a moment on.</summary>
internal sealed record HistoryPoint(DateTimeOffset At, CountsView Instances);
