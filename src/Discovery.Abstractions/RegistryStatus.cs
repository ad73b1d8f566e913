namespace Discovery;

/// <summary>A registry as this process has found it when it last called it.</summary>
public sealed record RegistryStatus
{
    /// <summary>Which registry, as <see cref="IServiceRegistry.Description"/> says it. Never holds a secret.</summary>
    public required string Registry { get; init; }

    /// <summary>When it last answered, or null while it has not.</summary>
    public DateTimeOffset? LastAnswer { get; init; }

    /// <summary>Since when calls to it fail, or null where the last one has not.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>What the last call failed with, or null where it has not. Never holds a secret.</summary>
    public string? LastError { get; init; }
}
