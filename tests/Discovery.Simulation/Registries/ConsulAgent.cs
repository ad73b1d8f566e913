using Discovery.Consul;
using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Discovery.Simulation.Scheduling;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Simulation.Registries;

/// <summary>
/// A Consul agent and the servers behind it, as far as Discovery.Consul asks anything of them, with the answers that Consul 1.8 was
/// seen to give: indexes that only grow until the data are lost, checks that turn critical, services that are reaped a minute later.
/// </summary>
internal sealed class ConsulAgent(SimulatedClock clock, Trace trace, Random random) : ModelRegistry(clock, trace)
{
    private static readonly TimeSpan ReapAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReapInterval = TimeSpan.FromSeconds(30);

    /// <summary>A query's wait and what is added to it, after the answer that a storm brought last.</summary>
    private static readonly TimeSpan HungQuery = TimeSpan.FromSeconds(15) + Weather.MaxDelay;

    private readonly SortedDictionary<string, ConsulService> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _indexes = new(StringComparer.Ordinal);
    private readonly List<ConsulQuery> _waiting = [];
    private long _index = 20;

    public override TimeSpan Reaping => ReapAfter + ReapInterval;

    // The agent's own calls are a process's registrations; the rest looks things up.
    public override bool IsOwn(string request) => request.Contains("/v1/agent/service", StringComparison.Ordinal) || request.Contains("/v1/agent/check", StringComparison.Ordinal);

    public override TimeSpan Unheard(LinkState state) => state == LinkState.Silent ? HungQuery : base.Unheard(state);

    public IEnumerable<ConsulService> Services
    {
        get
        {
            RequireUp();
            return _services.Values;
        }
    }

    public ConsulService? FindService(string agentId) => Services.FirstOrDefault(service => service.AgentId == agentId);

    public void Register(Call call, ConsulRegistration registration)
    {
        RequireUp();
        var former = _services.GetValueOrDefault(registration.AgentId);
        former?.Standing.Expiry?.Cancel();
        var index = ++_index;

        // A check that is registered again keeps its state.
        var instance = registration.Instance with
        {
            Incarnation = former?.Standing.Instance.Incarnation ?? index,
            Health = former?.Standing.Instance.Health ?? registration.Instance.Health,
        };
        var service = new ConsulService(registration, new Standing(instance, call, Clock.Now), index, former?.CriticalSince ?? Clock.Now);
        _services[registration.AgentId] = service;
        Touch(service.Standing.Service);
        Put(service.Standing);
        StartTtl(service);
    }

    public void Deregister(string agentId)
    {
        RequireUp();
        Remove(agentId, Removal.Revoked);
    }

    /// <summary>Takes a beat.</summary>
    /// <returns>False where there is no such check.</returns>
    public bool Update(string agentId, HealthStatus health)
    {
        RequireUp();
        if (!_services.TryGetValue(agentId, out var service))
        {
            return false;
        }

        SetHealth(service, health);
        StartTtl(service);
        return true;
    }

    /// <summary>Answers a query for a service's instances: at once, or when the index has moved beyond the one given.</summary>
    public void Query(string service, long index, TimeSpan wait, Action<long> answer)
    {
        RequireUp();
        var current = IndexOf(service);
        if (index == 0 || (current > index))
        {
            answer(current);
            return;
        }

        // An index beyond ours waits its time out as well, as the real one does.
        var query = new ConsulQuery(service, index, answer);
        _waiting.Add(query);
        Clock.Schedule(wait + (wait / 16 * random.NextDouble()), () => Answer(query));
    }

    public override void RemoveByHand(Standing standing) => Remove(AgentIdOf(standing), Removal.RemovedByHand);

    /// <summary>
    /// The servers are restored to an earlier index; the agent, which still has its services, writes those once more that were written since. Nothing is left that was
    /// written at an index which is yet to come.
    /// </summary>
    public override Action? Trouble(Random random)
    {
        Note("is restored to an earlier index");
        var restored = _index /= 2;
        foreach (var service in _services.Values.Where(service => service.ModifyIndex > restored))
        {
            service.Rewrite(++_index);
        }

        foreach (var service in _indexes.Keys)
        {
            _indexes[service] = _index;
        }

        return null;
    }

    protected override IServiceRegistry CreateClient(SimulatedProcess process) => new ConsulServiceRegistry(
        new ConsulOptions { Address = "http://10.9.9.9:8500" }, process.Clock, NullLogger.Instance, new ConsulAgentHandler(this, process.Link));

    protected override void Wiped()
    {
        _services.Clear();
        _indexes.Clear();
        _waiting.Clear();
        _index = random.Next(5, 40);
    }

    protected override void Restarted() => _waiting.Clear();

    private long IndexOf(string service) => _indexes.TryGetValue(service, out var index) && Of(service).Any() ? index : _index;

    private void Touch(string service)
    {
        _indexes[service] = _index;

        // Who waits for a service that does not exist is woken by every change.
        foreach (var query in _waiting.Where(query => IndexOf(query.Service) > query.Index).ToArray())
        {
            Answer(query);
        }
    }

    private void Answer(ConsulQuery query)
    {
        if (_waiting.Remove(query) && IsUp)
        {
            query.Answer(IndexOf(query.Service));
        }
    }

    private void SetHealth(ConsulService service, HealthStatus health)
    {
        if (service.Standing.Instance.Health != health)
        {
            _index++;
            service.Standing.Instance = service.Standing.Instance with { Health = health };
            service.CriticalSince = Clock.Now;
            Changed(service.Standing, "says how it is");
            Touch(service.Standing.Service);
        }
    }

    private void StartTtl(ConsulService service)
    {
        service.Standing.Expiry?.Cancel();
        service.Standing.Expiry = Clock.Schedule(service.Registration.Ttl, () =>
        {
            SetHealth(service, HealthStatus.Unhealthy);
            Reap(service);
        });
    }

    // It looks every thirty seconds.
    private void Reap(ConsulService service) => service.Standing.Expiry = Clock.Schedule(ReapAfter + (ReapInterval * random.NextDouble()), () =>
    {
        Remove(service.AgentId, Removal.Expired);
    });

    private void Remove(string agentId, Removal removal)
    {
        if (_services.Remove(agentId, out var service))
        {
            _index++;
            Drop(service.Standing, removal);
            Touch(service.Standing.Service);
        }
    }

    private string AgentIdOf(Standing standing) => _services.Values.First(service => service.Standing == standing).AgentId;
}
