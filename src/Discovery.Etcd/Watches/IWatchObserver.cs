using Mvccpb;

namespace Discovery.Etcd.Watches;

/// <summary>Hears what a watch brings, in etcd's order. Members are called one at a time, from the stream that serves all watches: none may wait.</summary>
internal interface IWatchObserver
{
    /// <summary>What has changed, with nothing missed since the revision that the watch was to start from.</summary>
    void OnEvents(IReadOnlyList<Event> events);

    /// <summary>The stream was just proven to work.</summary>
    void OnAlive();

    /// <summary>Events may be missing, and none follow: list again, and watch from there.</summary>
    void OnGap();

    /// <summary>etcd is out of reach, or refuses; no events follow.</summary>
    void OnLost(RegistryException reason);
}
