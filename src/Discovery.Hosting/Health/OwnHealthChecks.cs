namespace Discovery.Hosting.Health;

/// <summary>Names of the checks this library adds. They are left out of the beat: what a registry says of us must not decide what we say to it.</summary>
internal static class OwnHealthChecks
{
    public const string Registration = "discovery-registration";
    public const string Registry = "discovery-registry";

    /// <summary>The tag under which readiness checks are commonly selected.</summary>
    public const string ReadyTag = "ready";

    /// <summary>The tag of what says how the app's surroundings fare, and must not take it out of rotation.</summary>
    public const string RegistryTag = "registry";

    public static bool Contains(string name) => name is Registration or Registry;
}
