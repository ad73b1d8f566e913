namespace Discovery.Etcd.Layouts;

/// <summary>Where a registry reads and writes, and where else it writes.</summary>
internal static class Keyspaces
{
    /// <summary>What is listed and watched; every registration stands there.</summary>
    /// <param name="options">Validated.</param>
    public static Keyspace Main(EtcdOptions options) =>
        Of(EtcdLayouts.Get(options.Layout), options.KeyPrefix);

    /// <summary>All that a registration is written in, <see cref="Main"/> first. The others are where their own clients look: at their layouts' own prefixes.</summary>
    /// <param name="options">Validated.</param>
    public static IReadOnlyList<Keyspace> Written(EtcdOptions options) =>
        [Main(options), .. options.AlsoWrite.Select(EtcdLayouts.Get).Distinct().Select(layout => Of(layout, prefix: null))];

    /// <summary>A layout below a prefix, or below its own.</summary>
    public static Keyspace Of(IEtcdLayout layout, string? prefix) => new(layout, (prefix ?? layout.DefaultKeyPrefix).TrimEnd('/'));
}
