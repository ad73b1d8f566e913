namespace Discovery.Hosting.LoadBalancing;

/// <summary>The load-balancing policies in DI, by name.</summary>
internal sealed class LoadBalancingPolicies
{
    private readonly Dictionary<string, ILoadBalancingPolicy> _byName = new(StringComparer.OrdinalIgnoreCase);

    public LoadBalancingPolicies(IEnumerable<ILoadBalancingPolicy> policies)
    {
        // The last one registered wins, so that an app can put its own policy in the place of a built-in one.
        foreach (var policy in policies)
        {
            _byName[policy.Name] = policy;
        }
    }

    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.OrdinalIgnoreCase);

    public bool IsKnown(string? name) => name is not null && _byName.ContainsKey(name);

    /// <exception cref="KeyNotFoundException">There is no such policy; the options' validator has seen to it that there is.</exception>
    public ILoadBalancingPolicy this[string name] => _byName[name];
}
