namespace Discovery.Hosting;

/// <summary>What the operator of a registry that fails is told to look at.</summary>
internal static class RegistryAdvice
{
    public static string For(IServiceRegistry registry) => registry.Endpoints.Count > 0
        ? "Check that the registry runs, that its address is right, and that this app may use it."
        : "Correct what it names: this registry is on this machine.";
}
