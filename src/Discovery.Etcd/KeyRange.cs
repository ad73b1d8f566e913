using Google.Protobuf;

namespace Discovery.Etcd;

/// <summary>etcd's way to say "all keys that start with".</summary>
internal static class KeyRange
{
    // What etcd reads as "from the first key on" and as "to the last one".
    private static readonly ByteString Open = ByteString.CopyFrom(0);

    /// <summary>The first key that may start with the prefix.</summary>
    public static ByteString StartOf(string prefix) => prefix.Length == 0 ? Open : ByteString.CopyFromUtf8(prefix);

    /// <summary>The first key after all those that start with the prefix: the prefix with its last byte raised. Ours end in ASCII.</summary>
    public static ByteString EndOf(string prefix)
    {
        if (prefix.Length == 0)
        {
            return Open;
        }

        var end = ByteString.CopyFromUtf8(prefix).ToByteArray();
        end[^1]++;
        return ByteString.CopyFrom(end);
    }
}
