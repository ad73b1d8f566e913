using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing;

/// <summary>A registration in an <see cref="InMemoryRegistryStore"/>.</summary>
internal sealed class InMemoryLease(InMemoryServiceRegistry registry, ServiceInstance instance, object lease) : IServiceLease
{
    public string Description => $"{instance.ServiceName}/{instance.Id}";

    public async Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken)
    {
        registry.Note(RegistryOperations.KeepAlive, instance.ServiceName, instance.Id, health);
        await registry.Faults.BeforeAsync(RegistryOperations.KeepAlive, cancellationToken);
        var status = registry.Store.KeepAlive(lease, instance.ServiceName, instance.Id, health);
        registry.Faults.AfterChange(RegistryOperations.KeepAlive);
        return status;
    }

    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        registry.Note(RegistryOperations.Revoke, instance.ServiceName, instance.Id);
        await registry.Faults.BeforeAsync(RegistryOperations.Revoke, cancellationToken);
        registry.Store.Remove(instance.ServiceName, instance.Id, lease);
        registry.Faults.AfterChange(RegistryOperations.Revoke);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
