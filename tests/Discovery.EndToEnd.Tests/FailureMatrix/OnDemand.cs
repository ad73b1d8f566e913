namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Why a row is not played in every run.</summary>
internal static class OnDemand
{
    /// <summary>Its fault is played in every run with another registry, and nothing in this one's way of taking it differs.</summary>
    public const string Elsewhere = "its fault is played in every run with another registry";

    /// <summary>What it adds to a row of every run is another fault or another registry to a path that is the same.</summary>
    public const string Alike = "a row of every run takes the same path";

    /// <summary>It takes more than half a minute.</summary>
    public const string Long = "it takes long";
}
