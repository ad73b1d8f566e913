using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>Section <c>Discovery:Client</c>: how services are found and instances chosen.</summary>
public sealed class ClientOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Discovery:Client";

    /// <summary>The load-balancing policy: a name that a registered <see cref="ILoadBalancingPolicy"/> has. Reloads live.</summary>
    public string LoadBalancing { get; set; } = "PowerOfTwoChoices";

    /// <summary>
    /// The zone this caller runs in; null is that of its own registration (<c>Discovery:Registration:Zone</c>). Instances in the same zone, compared
    /// without regard to case, are preferred, see <see cref="ZonePreference"/>. Reloads live.
    /// </summary>
    public string? Zone { get; set; }

    /// <summary>How calls stay in the own zone.</summary>
    public ZonePreferenceOptions ZonePreference { get; set; } = new();

    /// <summary>When instances that fail are given no calls for a time.</summary>
    public OutlierOptions Outliers { get; set; } = new();

    /// <summary>How instances are brought to their full share.</summary>
    public SlowStartOptions SlowStart { get; set; } = new();

    /// <summary>The policy <c>ConsistentHash</c>.</summary>
    public ConsistentHashOptions ConsistentHash { get; set; } = new();

    /// <summary>
    /// The share of instances that must be healthy for calls to be kept to these, 0 to 100: below it degraded ones are called as well, and when
    /// ejections would leave fewer than that, all are (panic). The default is 50 (Envoy's <c>healthy_panic_threshold</c>). Reloads live.
    /// </summary>
    public int PanicThresholdPercent { get; set; } = 50;

    /// <summary>How many services are watched at once, 1 to 100,000; beyond that the least recently used is let go. Held ones are not.</summary>
    public int MaxWatchedServices { get; set; } = 1000;

    /// <summary>How long the first caller for a service waits for an answer, 0 to 1 min.</summary>
    public TimeSpan FirstAnswerTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an instance is kept that a registry has lost without anybody having seen it leave, 0 to 1 h.</summary>
    public TimeSpan EmptyHold { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The folder the last good sets are kept in over a restart; empty for none. Null is <c>discovery-hosting/cache</c> in the
    /// user's local application data. It must be the user's own, writable by nobody else, and no symbolic link.
    /// </summary>
    public string? CacheDirectory { get; set; }

    /// <summary>What differs for the callers of one service, by its name.</summary>
    public IDictionary<string, ServiceClientOptions> Services { get; } = new Dictionary<string, ServiceClientOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Endpoints of services that no registry has ever named an instance of, by the service's name: absolute http or https URIs.</summary>
    public IDictionary<string, IList<string>> Static { get; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The domain name system as the last resort.</summary>
    public DnsOptions Dns { get; set; } = new();

    /// <summary>What differs for the callers of one service, if anything.</summary>
    internal ServiceClientOptions? For(string serviceName) => Services.TryGetValue(serviceName, out var service) ? service : null;

    /// <summary>The name of the policy for one service.</summary>
    internal string PolicyFor(string serviceName) => For(serviceName)?.LoadBalancing ?? LoadBalancing;
}
