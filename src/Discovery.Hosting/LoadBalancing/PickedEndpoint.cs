using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>What was picked, in the machinery's own terms; the default where there was nothing to pick.</summary>
/// <remarks>Two words, returned rather than filled in: a caller's variable is written to with a write barrier for each reference.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PickedEndpoint(EndpointAddress? Address, long StartedAt)
{
    [MemberNotNullWhen(true, nameof(Address))]
    public bool IsFound => Address is not null;

    public ServicePick ToPick() => new(Address!, StartedAt);
}
