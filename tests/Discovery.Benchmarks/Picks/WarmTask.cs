namespace Discovery.Benchmarks.Picks;

/// <summary>Of a warm set, every answer is there at once; one that is not would be measured as something else.</summary>
internal static class WarmTask
{
    public static T Now<T>(this ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("It had to wait.");
}
