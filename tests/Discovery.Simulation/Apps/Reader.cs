using Discovery.Simulation.Invariants;

namespace Discovery.Simulation.Apps;

/// <summary>Follows the service from one process by WatchAsync, and takes its time over each snapshot.</summary>
internal sealed class Reader(World world, SimulatedProcess process, Random random) : ICheck, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly bool _isSlow = random.Next(2) == 0;
    private long _seen = -1;
    private bool _isBusy = true;

    public async Task RunAsync()
    {
        try
        {
            await foreach (var snapshot in process.Discovery.WatchAsync(World.Service, _ending.Token))
            {
                if (snapshot.Version <= _seen)
                {
                    world.Violate(Invariant.ReadersGoForward, $"A reader of {process.Name} has seen version {_seen}, and now {snapshot.Version}.");
                }

                _seen = snapshot.Version;
                if (_isSlow)
                {
                    _isBusy = true;
                    await Task.Delay(random.NextDouble() * TimeSpan.FromSeconds(5), process.Clock, _ending.Token);
                }

                _isBusy = false;
            }
        }
        catch (OperationCanceledException)
        {
            _isBusy = true;
        }
    }

    public void AtEachStep()
    {
        if (!_isBusy && !process.Clock.IsSuspended && process.IsAlive && process.Watches.TryGet(World.Service, out var watch)
            && watch.Current.Snapshot.Version != _seen)
        {
            world.Violate(Invariant.ReadersGoForward, $"A reader of {process.Name} waits at version {_seen} of {watch.Current.Snapshot.Version}.");
        }
    }

    public void Dispose()
    {
        _isBusy = true;
        _ending.Cancel();
        _ending.Dispose();
    }
}
