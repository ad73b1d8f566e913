namespace Discovery;

/// <summary>Why an instance is given no calls for a time, though its registry calls it healthy.</summary>
public enum EjectionReason
{
    /// <summary>No connection could be made to it (<c>Outliers:ConsecutiveConnectFailures</c>).</summary>
    ConnectFailures,

    /// <summary>Calls to it failed one after the other (<c>Outliers:ConsecutiveFailures</c>).</summary>
    ConsecutiveFailures,

    /// <summary>Far fewer of its calls succeeded than of its siblings' (<c>Outliers:SuccessRate*</c>).</summary>
    SuccessRate,
}
