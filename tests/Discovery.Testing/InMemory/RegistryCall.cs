using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing;

/// <summary>One call to an <see cref="InMemoryServiceRegistry"/>, noted before it was carried out, refused or left hanging.</summary>
/// <param name="Operation">What was asked; exactly one.</param>
/// <param name="At">When, by the registry's clock.</param>
/// <param name="ServiceName">The service; empty for <see cref="RegistryOperations.GetServices"/>.</param>
/// <param name="InstanceId">The instance, or null where none was named.</param>
/// <param name="Health">The health that was registered or kept alive, or null.</param>
/// <param name="Instance">What was registered, or null.</param>
public sealed record RegistryCall(
    RegistryOperations Operation,
    DateTimeOffset At,
    string ServiceName,
    string? InstanceId = null,
    HealthStatus? Health = null,
    ServiceInstance? Instance = null);
