using Google.Protobuf;

namespace Discovery.Simulation.Etcd;

/// <summary>One key, or all from one on and before another.</summary>
internal readonly record struct EtcdRange(string First, string End)
{
    public static EtcdRange Of(ByteString key, ByteString rangeEnd) => new(key.ToStringUtf8(), rangeEnd.ToStringUtf8());

    public bool Contains(string key) => End.Length == 0
        ? key == First
        : string.CompareOrdinal(key, First) >= 0 && string.CompareOrdinal(key, End) < 0;
}
