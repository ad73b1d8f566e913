namespace Discovery.Etcd.Channels;

/// <summary>Work that is done once for all who wait for it. Each of them may give up, and whoever started it may have: its failure is then nobody's.</summary>
internal static class SharedWork
{
    /// <summary>Keeps a failure that nobody waits for any more from being an unobserved exception.</summary>
    public static Task<T> ForWhoeverWaits<T>(this Task<T> work)
    {
        _ = work.ContinueWith(
            static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return work;
    }
}
