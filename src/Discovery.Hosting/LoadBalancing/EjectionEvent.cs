using System.Runtime.InteropServices;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>An instance was ejected, or, where there is no ejection, readmitted.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EjectionEvent(string InstanceId, Ejection? Ejection);
