namespace Discovery.Benchmarks.Harness;

/// <summary>How long a run takes: as long as figures need that are to be quoted, or, with <c>--quick</c>, only long enough to see that all of it works.</summary>
internal static class Pace
{
    public const string Option = "--quick";

    public static bool IsQuick { get; } = Environment.GetCommandLineArgs().Contains(Option);

    public static TimeSpan Of(TimeSpan usual, TimeSpan quick) => IsQuick ? quick : usual;
}
