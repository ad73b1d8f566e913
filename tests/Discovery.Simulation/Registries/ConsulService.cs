using System.Globalization;

namespace Discovery.Simulation.Registries;

/// <summary>A service on the agent, with its check.</summary>
internal sealed class ConsulService(ConsulRegistration registration, Standing standing, long modifyIndex, TimeSpan criticalSince)
{
    private readonly Lazy<string> _json = new(() => Write(registration, standing, modifyIndex));

    public ConsulRegistration Registration => registration;

    public string AgentId => registration.AgentId;

    public Standing Standing => standing;

    public TimeSpan CriticalSince { get; set; } = criticalSince;

    /// <summary>The service as the agent writes it.</summary>
    public string Json => _json.Value;

    private static string Write(ConsulRegistration registration, Standing standing, long modifyIndex)
    {
        var written = registration.Sent.DeepClone().AsObject();
        written["Service"] = standing.Service;
        written["ContentHash"] = registration.Sent.ToJsonString().GetHashCode(StringComparison.Ordinal).ToString(CultureInfo.InvariantCulture);
        written["CreateIndex"] = standing.Instance.Incarnation;
        written["ModifyIndex"] = modifyIndex;
        return written.ToJsonString();
    }
}
