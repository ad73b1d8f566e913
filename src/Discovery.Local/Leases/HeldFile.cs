using Discovery.Local.Files;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Leases;

/// <summary>A lease's file that this process holds. Disposing lets go of it, and others see its owner gone.</summary>
internal sealed class HeldFile(SafeFileHandle handle, FileIdentity identity) : IDisposable
{
    public FileIdentity Identity => identity;

    public void Overwrite(ReadOnlySpan<byte> bytes, int offset) => RandomAccess.Write(handle, bytes, offset);

    public void Dispose() => handle.Dispose();
}
