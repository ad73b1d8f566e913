namespace Discovery.Simulation.Registries;

/// <summary>A service on the agent, with its check.</summary>
internal sealed class ConsulService(ConsulRegistration registration, Standing standing, long modifyIndex, TimeSpan criticalSince)
{
    public ConsulRegistration Registration => registration;

    public string AgentId => registration.AgentId;

    public Standing Standing => standing;

    public long ModifyIndex => modifyIndex;

    public TimeSpan CriticalSince { get; set; } = criticalSince;
}
