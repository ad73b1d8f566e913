using Discovery.Local.Files;

namespace Discovery.Local.Leases;

/// <summary>A look at a lease's file.</summary>
/// <param name="State">What was found.</param>
/// <param name="Stamp">Which file it was, and when it was last written.</param>
/// <param name="Content">What it holds; null when that is known already from an earlier look.</param>
/// <param name="Refusal">Why it is not trusted.</param>
internal readonly record struct LeaseFileReading(
    LeaseFileState State, FileStamp Stamp = default, byte[]? Content = null, string? Refusal = null);
