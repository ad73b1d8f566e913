namespace Discovery;

/// <summary>Where a set of instances is known from, best first.</summary>
public enum SnapshotSource
{
    /// <summary>A registry, now.</summary>
    Live,

    /// <summary>A registry, earlier: it is out of reach, or instances are missing from it that are not proven dead.</summary>
    Stale,

    /// <summary>A registry, earlier, remembered on disk from before this process was started.</summary>
    Disk,

    /// <summary><c>Discovery:Client:Static</c>.</summary>
    Static,

    /// <summary>The domain name system.</summary>
    Dns,

    /// <summary>Nowhere: nothing is known.</summary>
    None,
}
