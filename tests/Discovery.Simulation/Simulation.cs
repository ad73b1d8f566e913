using Discovery.Simulation.Apps;
using Discovery.Simulation.Etcd;
using Discovery.Simulation.Invariants;
using Discovery.Simulation.Registries;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation;

/// <summary>One run: apps start, misfortune strikes, calm returns, all stop. Everything in it follows from the seed.</summary>
internal sealed class Simulation
{
    private static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(60);
    private static readonly string[] Policies = ["PowerOfTwoChoices", "RoundRobin", "LeastRequests", "WeightedRoundRobin", "Random"];
    private static readonly double[] Ttls = [2, 5, 15];

    private readonly World _world;
    private readonly Random _random;
    private readonly Faults _faults;
    private readonly int _seed;

    public Simulation(int seed, TextWriter? output = null)
    {
        _seed = seed;
        _world = new World(seed, CreateRegistry, output);
        _random = _world.Random;
        _faults = new Faults(_world, _random);
    }

    public Trace Trace => _world.Trace;

    public Violation? Violation => _world.Violation;

    /// <summary>Which registry it is follows from the seed as well, so that a seed is all that there is to say.</summary>
    public static RegistryKind RegistryOf(int seed) => (seed % 5) switch
    {
        0 => RegistryKind.Memory,
        1 or 3 => RegistryKind.Etcd,
        _ => RegistryKind.Consul,
    };

    public async Task RunAsync()
    {
        OneThread.SeedSharedRandom(_seed);
        Plan();
        await RunUntilAsync(CalmAfter);
        Note("calm");
        _faults.Heal();
        var calm = _world.Processes.Max(process => Times.Watching + process.Times.Forgetting + (2 * process.Times.Registering) + (2 * process.Settings.Ttl));
        await RunUntilAsync(CalmAfter + calm + TimeSpan.FromSeconds(5));
        Note("the end");
        foreach (var process in _world.Processes.Where(process => process.State == ProcessState.Running))
        {
            _world.Clock.Schedule(_random.NextDouble() * TimeSpan.FromSeconds(5), () => _world.Stop(process));
        }

        await RunUntilAsync(_world.Clock.Now + TimeSpan.FromSeconds(12));
        foreach (var process in _world.Processes.Where(process => !process.HasEnded))
        {
            _world.End(process);
        }

        await RunUntilAsync(_world.Clock.Now + TimeSpan.FromSeconds(1));
        _world.CheckEnd();
    }

    private ModelRegistry CreateRegistry(SimulatedClock clock, Trace trace) => RegistryOf(_seed) switch
    {
        RegistryKind.Memory => new MemoryRegistry(clock, trace),
        RegistryKind.Etcd => new EtcdCluster(clock, trace, new Random(_seed)),
        _ => new ConsulAgent(clock, trace, new Random(_seed)),
    };

    private void Plan()
    {
        var count = _random.Next(1, 5);
        var settings = new AppSettings
        {
            InstanceId = "",
            Ttl = TimeSpan.FromSeconds(Ttls[_random.Next(Ttls.Length)]),
            EmptyHold = TimeSpan.FromSeconds(_random.Next(2, 5) * 5),
            Policy = Policies[_random.Next(Policies.Length)],
        };
        var further = _random.Next(20) == 0 ? 12 : 0;
        for (var i = 0; i < count; i++)
        {
            var own = settings with { InstanceId = $"orders-{i}", Registers = i == 0 || _random.Next(5) > 0, Further = i == 0 ? further : 0 };
            var host = $"host{i}";
            _world.Clock.Schedule(_random.NextDouble() * TimeSpan.FromSeconds(8), () => _world.Start(host, own));
        }

        for (var faults = _random.Next(0, 8); faults > 0; faults--)
        {
            _world.Clock.Schedule(TimeSpan.FromSeconds(_random.NextDouble() * 55), _faults.Strike);
        }
    }

    private async Task RunUntilAsync(TimeSpan until)
    {
        await SettleAsync(); // what was begun since, and need not wait for anything
        while (Violation is null && _world.Clock.Next(until) is { } next)
        {
            next.Run();
            await SettleAsync();
            _world.Check();
        }
    }

    private async ValueTask SettleAsync()
    {
        if (!await OneThread.SettleAsync())
        {
            _world.Violate(Invariant.NobodySpins, "The world does not come to rest.");
        }
    }

    private void Note(string what) => _world.Trace.Add("world", what);
}
