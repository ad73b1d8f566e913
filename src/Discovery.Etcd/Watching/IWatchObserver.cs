using Mvccpb;

namespace Discovery.Etcd.Watching;

/// <summary>
/// Hears what a watch brings, in etcd's order. Members are called one at a time, from the stream that serves all watches: none may
/// wait, nor run what might. <see cref="Proceed"/> alone is called beside them, and may.
/// </summary>
internal interface IWatchObserver
{
    /// <summary>What has changed, with nothing missed since the revision that the watch was to start from. <see cref="Proceed"/> follows.</summary>
    void OnEvents(IReadOnlyList<Event> events);

    /// <summary>Goes on with what has come, on a thread that nothing waits for: for as long as it takes.</summary>
    void Proceed();

    /// <summary>The stream was just proven to work.</summary>
    void OnAlive();

    /// <summary>Events may be missing, and none follow: list again, and watch from there.</summary>
    void OnGap();

    /// <summary>etcd is out of reach, or refuses; no events follow.</summary>
    void OnLost(RegistryException reason);
}
