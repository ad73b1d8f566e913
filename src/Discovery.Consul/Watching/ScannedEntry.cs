using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Watching;

/// <summary>What a scan takes from one entry: slices of the answer, as they stand there (escapes included).</summary>
internal ref struct ScannedEntry
{
    /// <summary>Beyond this an entry is nobody's honest registration.</summary>
    public const int MaxLength = 64 * 1024;

    public const int MaxNameLength = 512;

    public ReadOnlySpan<byte> Node;
    public ReadOnlySpan<byte> NodeAddress;
    public ReadOnlySpan<byte> Id;
    public ReadOnlySpan<byte> Service;
    public long CreateIndex;
    public long ModifyIndex;
    public HealthStatus Health;

    public readonly bool IsUsable =>
        Node.Length is > 0 and <= MaxNameLength && Id.Length is > 0 and <= MaxNameLength && Service.Length is > 0 and <= MaxLength;
}
