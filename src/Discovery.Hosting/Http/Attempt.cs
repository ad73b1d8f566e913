using System.Runtime.InteropServices;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Http;

/// <summary>One request on its way to one instance.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Attempt(HttpRequestMessage Request, Uri Uri, ServiceWatch Watch, EndpointAddress Address, long StartedAt, bool SetsHost)
{
    public ServicePick Pick => new(Address, StartedAt);
}
