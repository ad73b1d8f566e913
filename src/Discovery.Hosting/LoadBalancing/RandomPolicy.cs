namespace Discovery.Hosting.LoadBalancing;

/// <summary>Any instance, all of one weight with the same chance.</summary>
internal sealed class RandomPolicy(Chance chance) : ICountPolicy
{
    public string Name => "Random";

    public int Pick(in PickContext context) => Pick(context.Candidates.Count, context.State);

    public int Pick(int count, object? state) => chance.Random.Next(count);
}
