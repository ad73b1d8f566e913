using System.Globalization;
using System.Text.Json.Nodes;
using Discovery.Consul.Wire;

namespace Discovery.Simulation.Registries;

/// <summary>What was registered: as it was sent, and as an instance.</summary>
internal sealed record ConsulRegistration(string AgentId, JsonObject Sent, ServiceInstance Instance, TimeSpan Ttl)
{
    public static ConsulRegistration Read(byte[] body)
    {
        var sent = JsonNode.Parse(body)!.AsObject();
        var (service, agentId) = ((string)sent["Name"]!, (string)sent["ID"]!);
        var check = sent["Check"]!;
        var ttl = ((string)check["TTL"]!).Replace("ms", "", StringComparison.Ordinal);
        sent.Remove("Check");
        return new ConsulRegistration(
            agentId,
            sent,
            new ServiceInstance
            {
                ServiceName = service,
                Id = AgentServiceId.InstanceId(service, agentId),
                Endpoints = [new Uri($"http://{sent["Address"]}:{sent["Port"]}")],
                Weight = sent["Meta"]?[MetaKeys.Weight] is { } weight ? int.Parse((string)weight!, CultureInfo.InvariantCulture) : (int)sent["Weights"]!["Passing"]!,
                Health = ConsulHealth.Read(System.Text.Encoding.UTF8.GetBytes((string)check["Status"]!)),
            },
            TimeSpan.FromMilliseconds(double.Parse(ttl, CultureInfo.InvariantCulture)));
    }
}
