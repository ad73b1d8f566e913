using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Discovery.Simulation.Registries;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Simulation.Invariants;

/// <summary>Holds what stands in the registry against what the processes want.</summary>
internal sealed class RegistrationChecks(World world) : ICheck
{
    private static readonly TimeSpan Revoking = TimeSpan.FromSeconds(3.1);

    public void Periodically()
    {
        foreach (var standing in world.Registry.All)
        {
            CheckGone(standing);
        }

        foreach (var process in world.Processes)
        {
            CheckStop(process);
            if (process.UndisturbedFor >= TimeSpan.Zero)
            {
                CheckStanding(process);
            }
        }
    }

    /// <summary>Looks at a registration just as it arrives.</summary>
    public void OnRegistered(Standing standing)
    {
        var owner = standing.Owner;
        var known = owner.Times.Beat + owner.Times.HealthCheck;
        if (standing.Instance.Health == HealthStatus.Healthy && owner.UnhealthySince is { } since && standing.SentAt - since > known)
        {
            world.Violate(Invariant.NeverBetterThanItIs, $"{owner.Name} has been unhealthy since {since}, and was registered as healthy.");
        }
    }

    private void CheckGone(Standing standing)
    {
        // What was on its way when the process stopped may arrive when it has; nobody keeps that alive.
        var owner = standing.Owner;
        var isLate = standing.SentAt < owner.StopBeganAt && standing.ArrivedAt > owner.StopBeganAt;
        if (owner.StoppedInPeace && !isLate)
        {
            world.Violate(Invariant.StoppedIsGone, $"{owner.Name} stopped at {owner.StoppedAt}, and {standing.Service}/{standing.Id} still stands.");
        }

        if (!owner.IsAlive && world.Registry.IsUp && world.Clock.Now - LastSignOf(standing) > owner.Settings.Ttl + world.Registry.Reaping + Weather.MaxDelay)
        {
            world.Violate(Invariant.StoppedIsGone, $"{owner.Name} ended at {owner.StoppedAt}, and its Ttl has not ended {standing.Service}/{standing.Id}.");
        }
    }

    // What the process had sent may still have arrived; whatever befalls the registry may have it begin to count anew.
    private TimeSpan LastSignOf(Standing standing)
    {
        ReadOnlySpan<TimeSpan> signs = [standing.Owner.StoppedAt, standing.Owner.DisturbedAt, standing.ArrivedAt, world.DisturbedAt];
        var last = TimeSpan.Zero;
        foreach (var sign in signs)
        {
            last = sign > last ? sign : last;
        }

        return last;
    }

    private void CheckStop(SimulatedProcess process)
    {
        if (process.State == ProcessState.Stopping && !process.WasSuspendedSince(process.StopBeganAt)
            && world.Clock.Now - process.StopBeganAt > Revoking + process.Settings.DrainDelay)
        {
            world.Violate(Invariant.StopIsPrompt, $"{process.Name} has been stopping since {process.StopBeganAt}.");
        }
    }

    private void CheckStanding(SimulatedProcess process)
    {
        foreach (var (service, id) in process.Settings.Wanted)
        {
            Standing? found = null;
            foreach (var standing in world.Registry.Of(service))
            {
                if (standing.Owner != process)
                {
                    continue;
                }

                if (found is not null && process.UndisturbedFor > process.Times.Registering + process.Settings.Ttl)
                {
                    world.Violate(Invariant.RegisteredOnce, $"{process.Name} stands as {found.Id} and as {standing.Id}.");
                }

                found = standing.Id == id ? standing : found ?? standing;
            }

            CheckInTime(process, service, id, found);
        }
    }

    private void CheckInTime(SimulatedProcess process, string service, string id, Standing? found)
    {
        var undisturbedFor = world.UndisturbedWithTwins(process); // one that is late to register takes the ID over late
        var bound = process.Times.Registering + (world.HasTwin(process) ? (2 * process.Settings.Ttl) + process.Times.Registering : TimeSpan.Zero);
        if (found is null && undisturbedFor > bound && !HasPredecessors(process, service, id))
        {
            world.Violate(Invariant.RegisteredInTime,
                $"{process.Name} has been undisturbed for {undisturbedFor} and is not registered as {service}: "
                + string.Join("; ", process.Registrations.Select(status => $"{status.ServiceName} {status.State} {status.LastError}")));
        }

        if (found is not null && process.UndisturbedFor > bound && process.SaysSince + bound < world.Clock.Now
            && (found.Instance.Health != process.EffectiveHealth || found.Instance.Weight != process.Weight))
        {
            world.Violate(Invariant.HealthIsAnnounced,
                $"{process.Name} is {process.EffectiveHealth} of weight {process.Weight}, and stands as {found.Instance.Health} of {found.Instance.Weight}.");
        }
    }

    // What a predecessor on the same host had sent may arrive late: it names the same instance, which the process keeps alive.
    private bool HasPredecessors(SimulatedProcess process, string service, string id) =>
        world.Registry.Of(service).Any(standing => standing.Id == id && standing.Owner != process && standing.Owner.Host == process.Host);
}
