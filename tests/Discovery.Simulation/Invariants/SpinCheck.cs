using Discovery.Simulation.Apps;

namespace Discovery.Simulation.Invariants;

/// <summary>Counts what each process sends in each ten seconds.</summary>
internal sealed class SpinCheck(World world) : ICheck
{
    /// <summary>A beat, a back-off and a query each half a second, and twice that for a start with all of it at once.</summary>
    private const int Allowed = 100;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Dictionary<SimulatedProcess, int> _before = [];
    private TimeSpan _next = Window;

    public void Periodically()
    {
        if (world.Clock.Now < _next)
        {
            return;
        }

        _next = world.Clock.Now + Window;
        foreach (var process in world.Processes)
        {
            var sent = process.Link.Sent - _before.GetValueOrDefault(process);
            _before[process] = process.Link.Sent;
            var allowed = Allowed * (1 + process.Settings.Further) * world.Registry.Members;
            if (sent > allowed)
            {
                world.Violate(Invariant.NobodySpins, $"{process.Name} has sent {sent} requests in {Window}; {allowed} are allowed.");
            }
        }
    }
}
