namespace Discovery.Hosting.Lookup;

/// <summary>What is known of the instances of a tier together, kept up with each that comes and goes. Not thread-safe.</summary>
internal sealed class EntryStatistics
{
    private readonly Dictionary<double, int> _byWeight = [];
    private (double Min, double Max)? _weights;

    public int Http { get; private set; }

    public int Https { get; private set; }

    /// <summary>How many are in a slow start.</summary>
    public int Starting { get; private set; }

    /// <summary>The smallest and the greatest weight.</summary>
    public (double Min, double Max) Weights => _weights ??= _byWeight.Count == 0 ? default : (_byWeight.Keys.Min(), _byWeight.Keys.Max());

    public void Add(InstanceEntry entry)
    {
        Count(entry, 1);
        if (_byWeight.TryGetValue(entry.Weight, out var count))
        {
            _byWeight[entry.Weight] = count + 1;
        }
        else
        {
            _byWeight[entry.Weight] = 1;
            _weights = null;
        }
    }

    public void Remove(InstanceEntry entry)
    {
        Count(entry, -1);
        if (--_byWeight[entry.Weight] == 0)
        {
            _byWeight.Remove(entry.Weight);
            _weights = null;
        }
    }

    private void Count(InstanceEntry entry, int change)
    {
        Http += entry.Find("http") is null ? 0 : change;
        Https += entry.Find("https") is null ? 0 : change;
        Starting += entry.IsStarting ? change : 0;
    }
}
