namespace Discovery.Hosting;

/// <summary>Section <c>Discovery</c>: which registry, and how strict to be with it.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>The configuration section all settings of the library stand under.</summary>
    public const string SectionName = "Discovery";

    /// <summary>The registry's provider: <c>Local</c>, <c>Consul</c>, <c>Etcd</c> or the name of a custom one. Null is Local.</summary>
    public string? Provider { get; set; }

    /// <summary>Refuses to start where credentials would cross a network in clear text or writes would be anonymous.</summary>
    public bool RequireSecureRegistry { get; set; }
}
