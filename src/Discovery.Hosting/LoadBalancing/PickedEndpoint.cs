using System.Runtime.InteropServices;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>What was picked, in the machinery's own terms.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PickedEndpoint(InstanceEntry Entry, EndpointAddress Address, IPickFeedback? Feedback, long StartedAt)
{
    public ServicePick ToPick() => new(Entry.Instance, Address.Uri, Feedback, StartedAt);
}
