using Discovery.Hosting.Lookup;
using Discovery.Simulation.Invariants;

namespace Discovery.Simulation.Apps;

/// <summary>Calls the service from one process, now and then, and reports what becomes of the calls.</summary>
internal sealed class Caller(World world, SimulatedProcess process, Random random) : ICheck
{
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(3.1);
    private static readonly TimeSpan Noticing = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);
    private readonly List<TimeSpan> _waiting = [];

    public void Start() => world.Clock.Schedule(random.NextDouble() * TimeSpan.FromSeconds(4), () => process.Clock.Deliver(Call));

    public void Periodically()
    {
        if (_waiting.Count > 0 && world.Clock.Now - _waiting[0] > FirstAnswer && !process.WasSuspendedSince(_waiting[0]) && process.State == ProcessState.Running)
        {
            world.Violate(Invariant.LookupsAnswer, $"A pick of {process.Name} has waited since {_waiting[0]}.");
        }

        if (process.IsAlive && process.Watches.TryGet(World.Service, out var watch))
        {
            CheckCounts(watch.Current.Set);
        }
    }

    private void CheckCounts(InstanceSet set)
    {
        foreach (var tier in Enum.GetValues<InstanceTier>())
        {
            foreach (var entry in set[tier].Entries)
            {
                var underWay = _underWay.GetValueOrDefault(entry.Instance.Id);
                if (entry.InFlight > underWay)
                {
                    world.Violate(Invariant.CallsAreCounted, $"{process.Name} counts {entry.InFlight} calls to {entry.Instance.Id}, and {underWay} are under way.");
                }
            }
        }
    }

    private void Call()
    {
        if (process.State != ProcessState.Running)
        {
            return;
        }

        _ = CallAsync();
        Start();
    }

    private async Task CallAsync()
    {
        var startedAt = world.Clock.Now;
        _waiting.Add(startedAt);
        try
        {
            var pick = await process.Discovery.PickAsync(World.Service);
            OnPicked(pick);
        }
        catch (NoInstanceAvailableException) when (process.Watches.TryGet(World.Service, out var watch) && watch.Current.Set.Count == 0)
        {
        }
        catch (Exception e) when (process.State == ProcessState.Running)
        {
            world.Violate(Invariant.LookupsAnswer, $"A pick of {process.Name} threw {e}.");
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or NoInstanceAvailableException)
        {
            // The process has ended meanwhile.
        }
        finally
        {
            _waiting.Remove(startedAt);
        }
    }

    private void OnPicked(ServicePick pick)
    {
        var id = pick.Instance.Id;
        world.Trace.Add(process.Name, $"picks {id}");
        CheckPick(pick.Instance);
        _underWay[id] = _underWay.GetValueOrDefault(id) + 1;
        var (takes, outcome) = world.Network.Probe(pick.Endpoint) switch
        {
            ProbeResult.Refused => (TimeSpan.FromMilliseconds(1), PickOutcome.ConnectFailed),
            ProbeResult.Unknown => (Limit, random.Next(3) == 0 ? PickOutcome.Cancelled : PickOutcome.TimedOut),
            _ => (random.NextDouble() * Limit / 4, random.Next(10) == 0 ? PickOutcome.Failed : random.Next(10) == 0 ? PickOutcome.Cancelled : PickOutcome.Success),
        };
        world.Clock.Schedule(takes, () => process.Clock.Deliver(() =>
        {
            _underWay[id]--;
            pick.Report(outcome);
        }));
    }

    private void CheckPick(ServiceInstance instance)
    {
        if (world.Registry.Find(World.Service, instance.Id) is null
            && world.LastRemovalOf(instance.Id) is { } removal
            && world.Network.RefusesSince(instance.Endpoints[0]) is { } refuses
            && world.Clock.Now - (refuses > removal.At ? refuses : removal.At) > Noticing
            && process.UndisturbedFor > Times.Watching + (world.Clock.Now - removal.At))
        {
            world.Violate(Invariant.DeadIsNotPicked, $"{process.Name} picks {instance.Id}, which left the registry at {removal.At} and refuses since {refuses}.");
        }
    }
}
