using System.Runtime.CompilerServices;

namespace Discovery.EndToEnd.Tests;

/// <summary>How the apps are compiled that are started here, most of which live for seconds.</summary>
/// <remarks>What the JIT compiles a second time, for those that live for hours, is more than a third of what such a life costs, and had all these tests together take almost half as long again.</remarks>
internal static class ShortLivedProcesses
{
    private static readonly (string Name, string Value)[] Settings = [("DOTNET_TieredPGO", "0"), ("DOTNET_TC_CallCountThreshold", "500")]; // calls until a method is compiled again

    [ModuleInitializer]
    internal static void CompileOnce() => Array.ForEach(Settings, setting => Environment.SetEnvironmentVariable(setting.Name, setting.Value));

    /// <summary>From now on apps are started as they are shipped.</summary>
    public static void CompileAsShipped() => Array.ForEach(Settings, setting => Environment.SetEnvironmentVariable(setting.Name, null));
}
