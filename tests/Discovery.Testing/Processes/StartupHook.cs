using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Discovery.Testing.Processes;

/// <summary>What the runtime looks for, by this name, in the assemblies of <c>DOTNET_STARTUP_HOOKS</c>.</summary>
[SupportedOSPlatform("linux")]
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for it outside of any.")]
internal static class StartupHook
{
    internal static void Initialize() => MemoryProbe.Listen();
}
