namespace Discovery.Hosting.Registration;

/// <summary>Section <c>Discovery:Registration</c> (or <c>Discovery:Registrations:{name}</c>): what this app says of itself, and for how long.</summary>
public sealed class RegistrationOptions
{
    /// <summary>Whether the app is registered at all. The default is true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The name of the service; null is the application's name as a DNS label.</summary>
    public string? ServiceName { get; set; }

    /// <summary>The ID of the instance; null is <c>{service}-{host}-{port}</c>, the same again after a restart on the same port.</summary>
    public string? InstanceId { get; set; }

    /// <summary>The host or IP address that callers reach this app under; null is found out from the bound addresses and the network.</summary>
    public string? Address { get; set; }

    /// <summary>The port that callers reach this app under, 1 to 65535; null is the bound one. For apps with one endpoint.</summary>
    public int? Port { get; set; }

    /// <summary>
    /// What the bound endpoints speak: <c>http</c>, or <c>grpc</c> where it is HTTP/2 alone; with TLS https or grpcs. Null is found out from Kestrel's
    /// configuration, so it must be said only where Kestrel's protocols are set in code.
    /// </summary>
    public string? Scheme { get; set; }

    /// <summary>At most 32 absolute URIs that callers reach this app under, the preferred one first; they replace all that is bound.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>Networks (<c>10.0.0.0/8</c>) in order of preference; the first one this machine has an address in is advertised.</summary>
    public IList<string> PreferredNetworks { get; } = [];

    /// <summary>The version of the software, or null to say none.</summary>
    public string? Version { get; set; }

    /// <summary>The failure domain (a zone, a rack, a site), or null to say none.</summary>
    public string? Zone { get; set; }

    /// <summary>Share of the load relative to its siblings, 0 to 1000. The default is 100.</summary>
    public int Weight { get; set; } = ServiceInstance.DefaultWeight;

    /// <summary>Labels without a value.</summary>
    public IList<string> Tags { get; } = [];

    /// <summary>Labels with a value.</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>Tags of the app's health checks that decide its health in the registry; none selects all checks.</summary>
    public IList<string> HealthTags { get; } = [];

    /// <summary>How long the registration outlives its last beat, 2 seconds to 1 hour; a beat goes out every third of it. The default is 15 seconds.</summary>
    public TimeSpan Ttl { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the app goes on serving after it has left the registry, 0 to 5 minutes: time for callers to notice. The default is 2 seconds.
    /// </summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a first attempt to register that fails (with several registries: in all of them) stops the start of the app. The default is false: it is tried
    /// again for ever.
    /// </summary>
    public bool FailFast { get; set; }

    /// <summary>The configuration section of a registration.</summary>
    /// <param name="name">The name it was added under; empty for the app's own.</param>
    internal static string SectionPath(string? name) =>
        string.IsNullOrEmpty(name) ? "Discovery:Registration" : $"Discovery:Registrations:{name}";
}
