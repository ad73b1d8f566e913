using Discovery.Consul.Client;
using Discovery.Consul.Wire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Leases;

/// <summary>Registers instances with the agent and removes them.</summary>
internal sealed class ConsulRegistrar(ConsulClient client, ConsulErrors errors, RegistrationWriter writer, OwnershipPacer ownership)
{
    private readonly AgentIdClaims _claims = new();

    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        var registration = writer.Write(instance, ttl);
        var qualified = AgentServiceId.Qualified(registration.Name, registration.ID);
        var held = await client.FindServicesAsync(registration.Name, registration.ID, qualified, cancellationToken).ConfigureAwait(false);
        var isTaken = held.ContainsKey(qualified) || (held.TryGetValue(registration.ID, out var holder) && !holder.IsOf(registration.Name));
        var claim = isTaken ? null : _claims.TryTake(registration.ID, registration.Name);
        try
        {
            registration = claim is null ? RegistrationWriter.Under(registration, qualified) : registration;
            await WriteAsync(registration, instance.Health, isHeld: held.ContainsKey(registration.ID), cancellationToken).ConfigureAwait(false);
            return new ConsulLease(client, errors, registration, ownership, claim);
        }
        catch
        {
            claim?.Dispose();
            throw;
        }
    }

    public async Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        var held = await client.FindServicesAsync(serviceName, id, AgentServiceId.Qualified(serviceName, id), cancellationToken).ConfigureAwait(false);
        foreach (var (agentId, service) in held)
        {
            if (service.IsOf(serviceName))
            {
                await client.DeregisterAsync(serviceName, agentId, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Task WriteAsync(ServiceRegistration registration, HealthStatus health, bool isHeld, CancellationToken cancellationToken) =>
        isHeld ? ReplaceAsync(registration, health, cancellationToken) : client.RegisterAsync(registration, cancellationToken);

    // A check that is registered again keeps its state, so the new state is pushed: before, where it might get worse, so that what
    // is unhealthy never passes; and after, when the check is ours. A check of another kind would go on beside the new one;
    // only removing its service ends it.
    private async Task ReplaceAsync(ServiceRegistration registration, HealthStatus health, CancellationToken cancellationToken)
    {
        var check = await client.FindCheckAsync(registration, cancellationToken).ConfigureAwait(false);
        var isSameKind = string.Equals(check?.Type, registration.Check.Kind, StringComparison.OrdinalIgnoreCase);
        var pushes = registration.Check.TTL is not null && isSameKind;
        if (check is not null && !isSameKind)
        {
            await client.DeregisterAsync(registration.Name, registration.ID, cancellationToken).ConfigureAwait(false);
        }

        if (pushes && health != HealthStatus.Healthy)
        {
            await PushAsync(registration, health, cancellationToken).ConfigureAwait(false);
        }

        await client.RegisterAsync(registration, cancellationToken).ConfigureAwait(false);
        if (pushes)
        {
            await PushAsync(registration, health, cancellationToken).ConfigureAwait(false);
        }
    }

    // Whether the agent still has the check is the lease's to find out.
    private async Task PushAsync(ServiceRegistration registration, HealthStatus health, CancellationToken cancellationToken) =>
        _ = await client.UpdateCheckAsync(new CheckRequests(registration).For(health, note: null), cancellationToken).ConfigureAwait(false);
}
