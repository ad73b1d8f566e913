using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

[JsonSourceGenerationOptions(MaxDepth = 8)]
[JsonSerializable(typeof(DefaultValue))]
internal sealed partial class DefaultValueContext : JsonSerializerContext;
