using Discovery.Hosting.Configuration;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Lookup;

/// <summary>What all watches of a process share.</summary>
internal sealed record WatchDependencies(
    ReloadableOptions<ClientOptions> Options,
    LoadBalancingPolicies Policies,
    StaticSource Static,
    DnsSource Dns,
    CacheWriter Cache,
    IEndpointProbe Probe,
    ILookupObserver Observer,
    RegistryCalls Calls,
    Chance Chance,
    TimeProvider Time,
    ILogger<ServiceWatch> Logger)
{
    public ILoadBalancingPolicy PolicyFor(string serviceName) => Policies[Options.Current.PolicyFor(serviceName)];
}
