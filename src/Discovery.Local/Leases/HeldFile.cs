using System.Collections.Concurrent;
using Discovery.Local.Files;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Leases;

/// <summary>A lease's file that this process holds. Disposing lets go of it, and others see its owner gone.</summary>
internal sealed class HeldFile : IDisposable
{
    // A registration ends when it is revoked or expires, not when the garbage collector finds that nobody uses its handle.
    private static readonly ConcurrentDictionary<HeldFile, SafeFileHandle> Held = new();

    private readonly SafeFileHandle _handle;

    public HeldFile(SafeFileHandle handle, FileIdentity identity)
    {
        _handle = handle;
        Identity = identity;
        Held[this] = handle;
    }

    public FileIdentity Identity { get; }

    /// <summary>Whether it holds this and nothing else.</summary>
    public bool Holds(ReadOnlySpan<byte> content)
    {
        var held = new byte[content.Length + 1]; // one more, which a longer file would fill
        return RandomAccess.Read(_handle, held, fileOffset: 0) == content.Length && content.SequenceEqual(held.AsSpan(0, content.Length));
    }

    public void Overwrite(ReadOnlySpan<byte> bytes, int offset) => RandomAccess.Write(_handle, bytes, offset);

    public void Dispose()
    {
        Held.TryRemove(this, out _);
        _handle.Dispose();
    }
}
