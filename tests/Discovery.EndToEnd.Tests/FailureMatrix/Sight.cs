namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>What callers must be told of where their set comes from while a fault lasts.</summary>
public enum Sight
{
    /// <summary>The registry is lost, and <c>Source</c> says so before the fault ends.</summary>
    Stale,

    /// <summary>Another member answers, or nothing is amiss for callers: live at the end of the fault.</summary>
    Live,

    /// <summary>Which of the two depends on the moment.</summary>
    Either,
}
