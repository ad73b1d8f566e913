using System.Globalization;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation;

/// <summary>What has happened, in words: the last lines of it for people, and a hash of all of it that two runs of a seed have in common.</summary>
internal sealed class Trace(SimulatedClock clock, TextWriter? output)
{
    private const int Kept = 80;
    private const ulong Prime = 1099511628211;

    private readonly Queue<string> _lines = new();

    /// <summary>FNV-1a over all lines.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    public int Count { get; private set; }

    public IEnumerable<string> Tail => _lines;

    public void Add(string who, string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{clock.Now.TotalSeconds,9:0.000} {who,-9} {what}");
        foreach (var c in line)
        {
            Hash = (Hash ^ c) * Prime;
        }

        Count++;
        output?.WriteLine(line);
        _lines.Enqueue(line);
        if (_lines.Count > Kept)
        {
            _lines.Dequeue();
        }
    }
}
