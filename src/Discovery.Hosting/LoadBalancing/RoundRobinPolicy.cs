using System.Runtime.CompilerServices;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances take turns; a lighter one lets some of its turns pass.</summary>
internal sealed class RoundRobinPolicy(Chance chance) : ICountPolicy
{
    public string Name => "RoundRobin";

    public object CreateState() => new StripedCounter(chance);

    public int Pick(in PickContext context) => Pick(context.Candidates.Count, context.State);

    // The state is this policy's own: a cast would be checked on every call.
    public int Pick(int count, object? state) => Unsafe.As<StripedCounter>(state!).Next(count);
}
