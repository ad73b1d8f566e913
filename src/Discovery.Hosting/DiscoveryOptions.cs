namespace Discovery.Hosting;

/// <summary>Section <c>Discovery</c>: which registry, and how strict to be with it.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>The configuration section all settings of the library stand under.</summary>
    public const string SectionName = "Discovery";

    /// <summary>The registry's provider: <c>Local</c>, <c>Consul</c>, <c>Etcd</c> or the name of a custom one. Null is Local.</summary>
    public string? Provider { get; set; }

    /// <summary>
    /// Several providers instead of one, each once: the app is registered in all of them and finds what stands in any. Of two that describe the same
    /// instance equally well the one named first is believed.
    /// </summary>
    public IList<string> Providers { get; } = [];

    /// <summary>Refuses to start where credentials would cross a network in clear text or writes would be anonymous.</summary>
    public bool RequireSecureRegistry { get; set; }
}
