using Google.Protobuf;

namespace Discovery.Etcd;

/// <summary>etcd's way to say "all keys that start with".</summary>
internal static class KeyRange
{
    /// <summary>The first key after all those that start with the prefix: the prefix with its last byte raised. Ours end in ASCII.</summary>
    public static ByteString EndOf(string prefix)
    {
        var end = ByteString.CopyFromUtf8(prefix).ToByteArray();
        end[^1]++;
        return ByteString.CopyFrom(end);
    }
}
