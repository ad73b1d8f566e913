namespace Discovery.Consul.Wire;

/// <summary>Keys of <c>Meta</c> that hold something else than the instance's own metadata.</summary>
internal static class MetaKeys
{
    public const string Version = "version";

    public const string Zone = "zone";

    /// <summary>
    /// The weight, where Consul's own cannot say it: Consul refuses 0, and 1 is what it shows of those who say nothing.
    /// </summary>
    public const string Weight = "discovery-weight";

    /// <summary>
    /// The tags of the addresses in their order of preference, where that is not the order they are read back in.
    /// </summary>
    public const string EndpointOrder = "discovery-endpoints";

    /// <summary>
    /// What was added for other frameworks: how many of the first tags, and after commas which keys of <c>Meta</c>.
    /// </summary>
    public const string Added = "discovery-added";

    /// <summary>Whether the key holds something else than the instance's own metadata.</summary>
    public static bool IsOurs(string key) => key is Version or Zone or Weight or EndpointOrder or Added;
}
