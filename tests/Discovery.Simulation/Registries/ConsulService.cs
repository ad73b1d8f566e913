using System.Globalization;

namespace Discovery.Simulation.Registries;

/// <summary>A service on the agent, with its check.</summary>
internal sealed class ConsulService(ConsulRegistration registration, Standing standing, long modifyIndex, TimeSpan criticalSince)
{
    private string? _json;

    public ConsulRegistration Registration => registration;

    public string AgentId => registration.AgentId;

    public Standing Standing => standing;

    public TimeSpan CriticalSince { get; set; } = criticalSince;

    /// <summary>When it was last written.</summary>
    public long ModifyIndex { get; private set; } = modifyIndex;

    /// <summary>The service as the agent writes it.</summary>
    public string Json => _json ??= Write();

    /// <summary>The agent writes it once more, as it is.</summary>
    public void Rewrite(long index)
    {
        ModifyIndex = index;
        _json = null;
    }

    private string Write()
    {
        var written = registration.Sent.DeepClone().AsObject();
        written["Service"] = standing.Service;
        written["ContentHash"] = registration.Sent.ToJsonString().GetHashCode(StringComparison.Ordinal).ToString(CultureInfo.InvariantCulture);
        written["CreateIndex"] = standing.Instance.Incarnation;
        written[nameof(ModifyIndex)] = ModifyIndex;
        return written.ToJsonString();
    }
}
