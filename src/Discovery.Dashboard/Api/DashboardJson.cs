using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discovery.Dashboard.Api;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(OverviewChange))]
[JsonSerializable(typeof(ServiceDetail))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class DashboardJson : JsonSerializerContext;
