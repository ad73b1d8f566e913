using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Discovery.Simulation.Scheduling;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Simulation.Registries;

/// <summary>The plainest registry that keeps the words' promises. It has no protocol, so that what fails with it fails in Hosting.</summary>
internal sealed class MemoryRegistry(SimulatedClock clock, Trace trace) : ModelRegistry(clock, trace)
{
    private readonly List<(string Service, Pipe<int, RegistryChange> Pipe)> _watches = [];
    private long _revision;

    public object Register(Call call, ServiceInstance instance, TimeSpan ttl)
    {
        RequireUp();
        var former = Find(instance.ServiceName, instance.Id);
        if (former?.Owner == call.Sender && former.SentAt >= call.SentAt)
        {
            return former; // the same request again, or one that a later one has overtaken
        }

        former?.Expiry?.Cancel();
        _revision++;
        var standing = new Standing(instance with { Incarnation = former?.Instance.Incarnation ?? _revision }, call, Clock.Now);
        Extend(standing, ttl);
        Put(standing);
        Publish(standing.Service, RegistryChange.Delta([standing.Instance], []));
        return standing;
    }

    public LeaseStatus KeepAlive(object lease, TimeSpan ttl, HealthStatus health)
    {
        RequireUp();
        var ours = (Standing)lease;
        var standing = Find(ours.Service, ours.Id);
        if (standing?.Owner != ours.Owner)
        {
            return standing is null ? LeaseStatus.Forgotten : LeaseStatus.Superseded;
        }

        Extend(standing, ttl);
        if (standing.Instance.Health != health)
        {
            standing.Instance = standing.Instance with { Health = health };
            Changed(standing, "says how it is");
            Publish(standing.Service, RegistryChange.Delta([standing.Instance], []));
        }

        return LeaseStatus.Held;
    }

    /// <param name="service">The service.</param>
    /// <param name="id">The instance.</param>
    /// <param name="lease">Whose it must be; null for whoever's.</param>
    public void Remove(string service, string id, object? lease)
    {
        RequireUp();
        if (Find(service, id) is { } standing && (lease is null || ((Standing)lease).Owner == standing.Owner))
        {
            Remove(standing, Removal.Revoked);
        }
    }

    public void Watch(string service, Pipe<int, RegistryChange> pipe)
    {
        RequireUp();
        if (pipe.IsClosed || _watches.Any(watch => watch.Pipe == pipe))
        {
            return;
        }

        _watches.Add((service, pipe));
        pipe.Ended = () => _watches.RemoveAll(watch => watch.Pipe == pipe);
        pipe.Reply(RegistryChange.Complete([.. Of(service).Select(standing => standing.Instance)]), "the whole set");
    }

    public IReadOnlyList<string> Services()
    {
        RequireUp();
        return [.. All.Select(standing => standing.Service).Distinct()];
    }

    public override void RemoveByHand(Standing standing) => Remove(standing, Removal.RemovedByHand);

    public override bool IsOwn(string request) => !request.StartsWith("watch", StringComparison.Ordinal) && request != "list";

    protected override IServiceRegistry CreateClient(SimulatedProcess process) => new MemoryRegistryClient(this, process.Link);

    private void Extend(Standing standing, TimeSpan ttl)
    {
        standing.Expiry?.Cancel();
        standing.Expiry = Clock.Schedule(ttl, () => Remove(standing, Removal.Expired));
    }

    private void Remove(Standing standing, Removal removal)
    {
        Drop(standing, removal);
        Publish(standing.Service, RegistryChange.Delta([], [standing.Id]));
    }

    private void Publish(string service, RegistryChange change)
    {
        foreach (var (_, pipe) in _watches.Where(watch => watch.Service == service).ToArray())
        {
            pipe.Reply(change, "a change");
        }
    }
}
