using System.Runtime.InteropServices;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>What all candidates have together.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallTotal(long InFlight, double Weight)
{
    public static CallTotal Of(IReadOnlyList<PickCandidate> candidates)
    {
        var (inFlight, weight) = (0L, 0.0);
        for (var i = 0; i < candidates.Count; i++)
        {
            inFlight += candidates[i].InFlight;
            weight += candidates[i].Weight;
        }

        return new(inFlight, weight);
    }
}
