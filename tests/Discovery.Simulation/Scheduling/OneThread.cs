using System.Reflection;

namespace Discovery.Simulation.Scheduling;

/// <summary>
/// The thread pool as the simulation's scheduler. With one worker, work items run one at a time in an order that follows from the order
/// they were queued in; the driver is a work item itself, so that the world is at rest exactly when it runs and nothing is queued.
/// </summary>
internal static class OneThread
{
    /// <summary>More turns than this without the clock moving is a loop that never waits.</summary>
    private const int MaxTurns = 10_000;

    /// <summary>Makes sure that this process schedules as it must.</summary>
    /// <exception cref="InvalidOperationException">It has more than one worker or processor.</exception>
    public static void Require()
    {
        ThreadPool.GetMaxThreads(out var workers, out _);
        if (workers != 1 || Environment.ProcessorCount != 1)
        {
            throw new InvalidOperationException(
                $"The simulation needs one worker thread and one processor, and has {workers} and {Environment.ProcessorCount}: start it through its own command line.");
        }
    }

    /// <summary>Lets everything run that can run without time passing.</summary>
    /// <returns>False where it never comes to rest.</returns>
    public static async ValueTask<bool> SettleAsync()
    {
        for (var turn = 0; ThreadPool.PendingWorkItemCount > 0; turn++)
        {
            if (turn == MaxTurns)
            {
                return false;
            }

            await Task.Yield();
        }

        return true;
    }

    /// <summary>
    /// Makes <see cref="Random.Shared"/> follow from the seed on the pool's one thread. Policies draw from it on the hot path, where
    /// a source of their own would cost every pick; so its state is set from outside.
    /// </summary>
    public static void SeedSharedRandom(int seed)
    {
        _ = Random.Shared.Next();
        var random = new Random(seed);
        var shared = Random.Shared.GetType().GetField("t_random", BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null)
            ?? throw new InvalidOperationException("Random.Shared is not made as this runtime's was; the simulation must learn how it is.");
        foreach (var field in shared.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
        {
            field.SetValue(shared, (ulong)random.NextInt64() | 1);
        }
    }
}
