namespace Discovery.Hosting.Lookup;

/// <summary>What the domain name system says of a service, and for how long.</summary>
internal readonly record struct DnsAnswer(IReadOnlyList<ServiceInstance> Instances, TimeSpan TimeToLive);
