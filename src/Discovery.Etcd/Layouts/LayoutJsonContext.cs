using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

/// <summary>Source-generated JSON of all values. go-micro describes methods within methods; deeper is nobody's instance.</summary>
[JsonSourceGenerationOptions(MaxDepth = 32)]
[JsonSerializable(typeof(DefaultValue))]
[JsonSerializable(typeof(KratosValue))]
[JsonSerializable(typeof(GoMicroValue))]
[JsonSerializable(typeof(CloudWeGoValue))]
[JsonSerializable(typeof(GrpcNamingValue))]
internal sealed partial class LayoutJsonContext : JsonSerializerContext;
