using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

/// <summary>Source-generated JSON of all values. go-micro describes methods within methods; deeper is nobody's instance.</summary>
[JsonSourceGenerationOptions(MaxDepth = LayoutJsonContext.MaxDepth)]
[JsonSerializable(typeof(DefaultValue))]
[JsonSerializable(typeof(KratosValue))]
[JsonSerializable(typeof(GoMicroValue))]
[JsonSerializable(typeof(CloudWeGoValue))]
[JsonSerializable(typeof(GrpcNamingValue))]
internal sealed partial class LayoutJsonContext : JsonSerializerContext
{
    public const int MaxDepth = 32;
}
