using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Registries;

/// <summary>A registration as it stands in the model.</summary>
internal sealed class Standing(ServiceInstance instance, Call written, TimeSpan at)
{
    public ServiceInstance Instance { get; set; } = instance;

    public string Service => Instance.ServiceName;

    public string Id => Instance.Id;

    /// <summary>The process that registered it.</summary>
    public SimulatedProcess Owner => written.Sender;

    /// <summary>When the owner sent it.</summary>
    public TimeSpan SentAt => written.SentAt;

    /// <summary>When it arrived.</summary>
    public TimeSpan ArrivedAt => at;

    /// <summary>What will end it unless it is kept alive.</summary>
    public ScheduledEvent? Expiry { get; set; }
}
