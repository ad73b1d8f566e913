namespace Discovery.Hosting.LoadBalancing;

/// <summary>Why, and until when at the earliest, an instance gets no calls.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Length">How long it lasts.</param>
/// <param name="Until">When that is over, as a timestamp.</param>
internal sealed record Ejection(EjectionReason Reason, TimeSpan Length, long Until);
