using System.Text.Json.Serialization;

namespace Discovery.Hosting.Lookup;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CachedSet))]
internal sealed partial class CacheJson : JsonSerializerContext;
