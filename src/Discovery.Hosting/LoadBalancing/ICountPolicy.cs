namespace Discovery.Hosting.LoadBalancing;

/// <summary>A policy that does not look at the candidates: where none has more weight than another, it need only be told how many there are.</summary>
internal interface ICountPolicy : ILoadBalancingPolicy
{
    /// <summary>Chooses one of so many.</summary>
    /// <param name="count">How many there are, at least one.</param>
    /// <param name="state">What <see cref="ILoadBalancingPolicy.CreateState"/> returned.</param>
    int Pick(int count, object? state);
}
