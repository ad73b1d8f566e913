using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Simulation;

/// <summary>What befalls the world, each for a while: drawn from the seed, and all over when the calm begins.</summary>
internal sealed class Faults(World world, Random random)
{
    private readonly List<Action> _healing = [];
    private int _hosts = 100;

    /// <summary>One misfortune, now.</summary>
    public void Strike()
    {
        switch (random.Next(17))
        {
            case 0:
            case 1:
                Cut(Anybody(), random.Next(2) == 0 ? LinkState.Refusing : LinkState.Silent);
                break;
            case 2:
            case 3:
                Storm(Anybody());
                break;
            case 4:
                GoDown();
                break;
            case 5:
                world.Registry.Wipe();
                world.DisturbAll();
                break;
            case 6:
                Suspend(Anybody());
                break;
            case 7:
                Feel(Anybody());
                break;
            case 8:
                RemoveByHand();
                break;
            case 9:
                Replace(Anybody());
                break;
            case 10:
                Stop(Anybody());
                break;
            case 11:
                Anybody()?.Reweigh(random.Next(1, 200));
                break;
            case 12:
                Isolate();
                break;
            case 13:
                StartHastily();
                break;
            case 14:
            case 15:
                Trouble();
                break;
            default:
                SetWallClock(Anybody());
                break;
        }
    }

    /// <summary>Ends all that is still going on.</summary>
    public void Heal()
    {
        foreach (var heal in _healing.ToArray())
        {
            heal();
        }
    }

    private SimulatedProcess? Anybody()
    {
        var alive = world.Processes.Where(process => process.State == ProcessState.Running).ToList();
        return alive.Count == 0 ? null : alive[random.Next(alive.Count)];
    }

    // The shorter the likelier: most of what breaks is back before anybody has looked.
    private TimeSpan Duration() => TimeSpan.FromSeconds(0.2 + (Math.Pow(random.NextDouble(), 2) * 40));

    private void During(Action end, Action? disturb = null)
    {
        disturb ??= world.DisturbAll;
        disturb();
        Action heal = null!;
        heal = () =>
        {
            if (_healing.Remove(heal))
            {
                end();
                disturb();
            }
        };
        _healing.Add(heal);
        world.Clock.Schedule(Duration(), heal);
    }

    private void Cut(SimulatedProcess? process, LinkState state)
    {
        if (process is { Link.State: LinkState.Up })
        {
            world.Trace.Add(process.Name, $"is cut off: {state}");
            process.Link.Become(state);
            During(
                () =>
                {
                    world.Trace.Add(process.Name, "is connected again");
                    process.Link.Become(LinkState.Up);
                },
                process.Disturb);
        }
    }

    private void Isolate()
    {
        foreach (var process in world.Processes.Where(process => process.IsAlive).ToList())
        {
            Cut(process, LinkState.Refusing);
        }
    }

    private void Storm(SimulatedProcess? process)
    {
        if (process is { Link.Weather.IsFair: true })
        {
            world.Trace.Add(process.Name, "meets a storm");
            process.Link.Weather = new Weather(random.NextDouble() * 0.4, random.NextDouble() * 0.3, random.NextDouble() * 0.5);
            During(
                () =>
                {
                    world.Trace.Add(process.Name, "is out of the storm");
                    process.Link.Weather = default;
                    world.Clock.Schedule(Weather.MaxDelay, world.DisturbAll); // what was delayed arrives until then
                });
        }
    }

    private void GoDown()
    {
        if (world.Registry.IsUp)
        {
            world.Registry.GoDown();
            During(() =>
            {
                if (random.Next(3) == 0)
                {
                    world.Registry.Wipe();
                }

                world.Registry.ComeUp();
            });
        }
    }

    private void Suspend(SimulatedProcess? process)
    {
        if (process is { Clock.IsSuspended: false })
        {
            world.Trace.Add(process.Name, "is suspended");
            process.Suspend();
            During(
                () =>
                {
                    world.Trace.Add(process.Name, "goes on");
                    process.Resume();
                },
                process.Disturb);
        }
    }

    private void Feel(SimulatedProcess? process)
    {
        if (process is not null)
        {
            process.Feel((HealthStatus)random.Next(3), random.Next(3) == 0 ? random.NextDouble() * process.Settings.Ttl : TimeSpan.Zero);
            world.Trace.Add(process.Name, $"feels {process.Health.Status}, and takes {process.Health.Takes} to say so");
            process.Disturb();
        }
    }

    private void RemoveByHand()
    {
        var all = world.Registry.All.ToList();
        if (all.Count > 0 && world.Registry.IsUp)
        {
            world.Registry.RemoveByHand(all[random.Next(all.Count)]);
        }
    }

    /// <summary>Ends a process, most often without a word, and starts its successor, or a twin beside it.</summary>
    private void Replace(SimulatedProcess? process)
    {
        if (process is null)
        {
            return;
        }

        var isTwin = random.Next(4) == 0;
        if (!isTwin)
        {
            world.End(process);
        }

        var host = isTwin ? $"host{_hosts++}" : process.Host;
        world.Clock.Schedule(Duration() / 4, () =>
        {
            world.Start(host, process.Settings);
            process.Disturb();
        });
    }

    private void Stop(SimulatedProcess? process)
    {
        if (process is not null && world.Processes.Count(other => other.State == ProcessState.Running) > 1)
        {
            world.Stop(process);
        }
    }

    /// <summary>Starts a process whose first answers are lost, and stops it when the way is open again and it does not know yet where it stands.</summary>
    private void StartHastily()
    {
        if (Anybody() is not { } other || !world.Registry.IsUp)
        {
            return;
        }

        var process = world.Start($"host{_hosts}", other.Settings with { InstanceId = $"orders-{_hosts++}", Registers = true, Further = 0 });
        process.Link.Weather = new Weather(0.5, 0, 0);
        world.Clock.Schedule(TimeSpan.FromSeconds(0.1), () =>
        {
            process.Link.Weather = default;
            process.Disturb();
        });
        world.Clock.Schedule(TimeSpan.FromSeconds(0.2 + random.NextDouble()), () =>
        {
            if (process.State == ProcessState.Running)
            {
                world.Stop(process);
            }
        });
    }

    private void Trouble()
    {
        if (world.Registry.Trouble(random) is { } end)
        {
            During(end);
        }
        else
        {
            world.DisturbAll();
        }
    }

    private void SetWallClock(SimulatedProcess? process)
    {
        if (process is not null)
        {
            var step = TimeSpan.FromMinutes(random.Next(-120, 120));
            world.Trace.Add(process.Name, $"has its wall clock set by {step}");
            process.Clock.StepWallClock(step);
        }
    }
}
