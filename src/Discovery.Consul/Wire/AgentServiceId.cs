namespace Discovery.Consul.Wire;

/// <summary>
/// An instance's ID on the agent. There an ID is unique whatever the service, among instances only within their service:
/// where another service holds it already, it is written after the service's name.
/// </summary>
internal static class AgentServiceId
{
    private const char Separator = '/'; // in no instance ID of ours, so that the two spellings cannot be mistaken for one another

    public static string Qualified(string serviceName, string id) => $"{serviceName}{Separator}{id}";

    /// <summary>The instance's own ID.</summary>
    public static string InstanceId(string serviceName, string agentId) =>
        agentId.Length > serviceName.Length + 1
        && agentId[serviceName.Length] == Separator
        && agentId.StartsWith(serviceName, StringComparison.OrdinalIgnoreCase) ? agentId[(serviceName.Length + 1)..] : agentId;
}
