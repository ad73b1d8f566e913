using System.Runtime.CompilerServices;

namespace Discovery.Etcd.Watching;

/// <summary>
/// Waits for the next response of a stream and, once it is being waited for, has the observer of the one before go on, on the thread
/// that has read it. No change waits for another thread to wake, which takes as long as all else together; and the stream does
/// not wait for the observer, whatever that does with the thread: what comes next is read by another.
/// </summary>
/// <param name="read">The read of the next response.</param>
/// <param name="told">The observer that the last one was for; null where it was for none.</param>
internal readonly struct NextResponse(Task<bool> read, IWatchObserver? told) : ICriticalNotifyCompletion
{
    public bool IsCompleted => told is null && read.IsCompleted;

    public NextResponse GetAwaiter() => this;

    /// <returns>False where the stream has ended.</returns>
    public bool GetResult() => read.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation)
    {
        read.ConfigureAwait(false).GetAwaiter().OnCompleted(continuation);
        told?.Proceed();
    }

    // A read that is completed by now has its continuation queued rather than called here.
    public void UnsafeOnCompleted(Action continuation)
    {
        read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);
        told?.Proceed();
    }
}
