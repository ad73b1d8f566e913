namespace Discovery.Yarp;

/// <summary>What a destination says of its instance. The names are a contract: other policies and transforms read them.</summary>
internal static class DestinationMetadata
{
    public const string Service = "discovery.service";
    public const string Instance = "discovery.instance";
    public const string Scheme = "discovery.scheme";
    public const string Weight = "discovery.weight";
    public const string Zone = "discovery.zone";
    public const string Version = "discovery.version";
}
