using System.Text.Json.Serialization;

namespace Discovery.Consul.Wire;

/// <summary>Source-generated JSON of what is written to the agent and of its small answers.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceRegistration))]
[JsonSerializable(typeof(CheckUpdate))]
[JsonSerializable(typeof(AgentService))]
[JsonSerializable(typeof(CatalogService))]
[JsonSerializable(typeof(Dictionary<string, AgentService>))]
[JsonSerializable(typeof(Dictionary<string, AgentCheck>))]
[JsonSerializable(typeof(Dictionary<string, List<string>>))]
[JsonSerializable(typeof(Dictionary<string, string?>))]
internal sealed partial class ConsulJsonContext : JsonSerializerContext;
