using System.Text.Json;
using System.Text.Json.Serialization;

namespace QuickStart;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(InstanceView[]))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class QuickStartJson : JsonSerializerContext;
