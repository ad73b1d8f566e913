using Discovery.Simulation.Apps;
using Discovery.Simulation.Invariants;
using Discovery.Simulation.Registries;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation;

/// <summary>All there is in one run: a registry, processes, the network between them, and what must hold of them.</summary>
internal sealed class World
{
    /// <summary>The service that everybody registers and calls.</summary>
    public const string Service = "orders";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.2);

    private readonly List<SimulatedProcess> _processes = [];
    private readonly List<SnapshotChecks> _snapshots = [];
    private readonly List<Reader> _readers = [];
    private readonly List<ICheck> _checks = [];
    private readonly Dictionary<string, (Removal Removal, TimeSpan At, SimulatedProcess Owner)> _removals = new(StringComparer.Ordinal);

    private TimeSpan _nextPeriod;

    public World(int seed, Func<SimulatedClock, Trace, ModelRegistry> createRegistry, TextWriter? output)
    {
        Random = new Random(seed);
        Clock = new SimulatedClock();
        Trace = new Trace(Clock, output);
        Network = new SimulatedNetwork(Clock);
        Registry = createRegistry(Clock, Trace);
        var registrations = new RegistrationChecks(this);
        _checks.Add(registrations);
        _checks.Add(new SpinCheck(this));
        Registry.Registered = registrations.OnRegistered;
        Registry.Removed = OnRemoved;
    }

    public Random Random { get; }

    public SimulatedClock Clock { get; }

    public Trace Trace { get; }

    public SimulatedNetwork Network { get; }

    public ModelRegistry Registry { get; }

    public IReadOnlyList<SimulatedProcess> Processes => _processes;

    public Violation? Violation { get; private set; }

    public void Violate(Invariant invariant, string how)
    {
        if (Violation is null)
        {
            Violation = new Violation(invariant, Clock.Now, how);
            Trace.Add("VIOLATED", $"{invariant.Name}: {how}");
        }
    }

    public SimulatedProcess Start(string host, AppSettings settings)
    {
        var process = new SimulatedProcess(this, $"{host}#{_processes.Count}", host, settings);
        Trace.Add(process.Name, $"starts as {settings.InstanceId}, Ttl {settings.Ttl}");
        _processes.Add(process);
        var (caller, reader) = (new Caller(this, process, new Random(Random.Next())), new Reader(this, process, new Random(Random.Next())));
        var snapshots = new SnapshotChecks(this, process);
        _snapshots.Add(snapshots);
        _readers.Add(reader);
        _checks.AddRange([snapshots, caller, reader]);
        _ = ObserveAsync(process, process.StartAsync());
        caller.Start();
        _ = ObserveAsync(process, reader.RunAsync());
        return process;
    }

    public void Stop(SimulatedProcess process)
    {
        Trace.Add(process.Name, "is told to stop");
        DisturbTwins(process);
        _ = ObserveAsync(process, process.StopAsync());
    }

    /// <summary>Ends a process for good; one that was not stopped ends without a word.</summary>
    public void End(SimulatedProcess process)
    {
        Trace.Add(process.Name, "ends");
        DisturbTwins(process);
        _readers[_processes.IndexOf(process)].Dispose();
        if (process.IsAlive)
        {
            process.Crash();
        }
        else
        {
            process.Dispose();
        }
    }

    /// <summary>When something last happened that befell all.</summary>
    public TimeSpan DisturbedAt { get; private set; }

    public void DisturbAll()
    {
        DisturbedAt = Clock.Now;
        _processes.ForEach(process => process.Disturb());
    }

    /// <summary>Whether another process has ever wanted the same ID.</summary>
    public bool HasTwin(SimulatedProcess process) =>
        _processes.Any(other => other != process && other.Settings.InstanceId == process.Settings.InstanceId);

    /// <summary>For how long neither it nor a living twin of it has been disturbed.</summary>
    public TimeSpan UndisturbedWithTwins(SimulatedProcess process)
    {
        var shortest = process.UndisturbedFor;
        foreach (var other in _processes)
        {
            if (other.IsAlive && other.Settings.InstanceId == process.Settings.InstanceId && other.UndisturbedFor < shortest)
            {
                shortest = other.UndisturbedFor;
            }
        }

        return shortest;
    }

    public (Removal Removal, TimeSpan At, SimulatedProcess Owner)? LastRemovalOf(string id) => _removals.TryGetValue(id, out var removal) ? removal : null;

    public void OnSent(SimulatedProcess sender, string what)
    {
        if (sender.State is ProcessState.Stopped or ProcessState.Disposed && Registry.IsOwn(what))
        {
            Violate(Invariant.StoppedIsSilent, $"{sender.Name} has stopped at {sender.StoppedAt}, and sends: {what}.");
        }
    }

    public void Check()
    {
        foreach (var check in _checks)
        {
            check.AtEachStep();
        }

        if (Clock.Now < _nextPeriod)
        {
            return;
        }

        _nextPeriod = Clock.Now + Period;
        foreach (var check in _checks)
        {
            check.Periodically();
        }

        foreach (var process in _processes)
        {
            if (process.CriticalLog is { } critical)
            {
                Violate(Invariant.NothingBreaks, critical);
            }
        }
    }

    /// <summary>Looks at what is left when all have ended.</summary>
    public void CheckEnd()
    {
        foreach (var process in _processes)
        {
            if (process.Clock.ActiveTimers > 0 || !process.Link.IsIdle || !process.IsDisposed)
            {
                Violate(Invariant.NothingIsLeft,
                    $"{process.Name} leaves {process.Clock.ActiveTimers} timers, {(process.Link.IsIdle ? "no" : "some")} connections; disposed: {process.IsDisposed}.");
            }
        }
    }

    private void OnRemoved(Standing standing, Removal removal)
    {
        if (standing.Service == Service)
        {
            _removals[standing.Id] = (removal, Clock.Now, standing.Owner);
            _snapshots.ForEach(snapshots => snapshots.OnRemoved(standing));
        }

        if (removal != Removal.Revoked || standing.Owner.State == ProcessState.Running)
        {
            standing.Owner.Disturb(); // and has to find out first
        }
    }

    private void DisturbTwins(SimulatedProcess process)
    {
        foreach (var twin in _processes.Where(other => other.Settings.InstanceId == process.Settings.InstanceId))
        {
            twin.Disturb();
        }
    }

    private async Task ObserveAsync(SimulatedProcess process, Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            Violate(Invariant.NothingBreaks, $"{process.Name}: {e}");
        }
    }
}
