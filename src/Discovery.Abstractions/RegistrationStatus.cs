using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery;

/// <summary>A registration as it stands in one registry.</summary>
public sealed record RegistrationStatus
{
    /// <summary>The name of the service.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The ID of the instance, or null while it is not known yet (it follows from the bound port).</summary>
    public string? InstanceId { get; init; }

    /// <summary>Which registry, as <see cref="IServiceRegistry.Description"/> says it.</summary>
    public required string Registry { get; init; }

    /// <summary>Where it stands.</summary>
    public required RegistrationState State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>What the registry calls the registration, or null while there is none.</summary>
    public string? Lease { get; init; }

    /// <summary>When the registry last took a keep-alive, or null while it has taken none.</summary>
    public DateTimeOffset? LastBeat { get; init; }

    /// <summary>When the next keep-alive is due, or null while none is: the app is not registered, or the last one got no answer and is tried again.</summary>
    public DateTimeOffset? NextBeat { get; init; }

    /// <summary>The health that went with it.</summary>
    public HealthStatus? LastHealth { get; init; }

    /// <summary>What last went wrong, or null where nothing has since the last success. Never holds a secret.</summary>
    public string? LastError { get; init; }

    /// <summary>How often the registry had forgotten it, so that it was registered anew.</summary>
    public int Reregistrations { get; init; }
}
