using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local.Leases;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(HealthConverter)],
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LeaseValue))]
internal sealed partial class LeaseJson : JsonSerializerContext
{
    internal sealed class HealthConverter() : JsonStringEnumConverter<HealthStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
}
