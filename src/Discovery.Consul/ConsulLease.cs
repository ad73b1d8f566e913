using System.Text.Json;
using Discovery.Consul.Client;
using Discovery.Consul.Leases;
using Discovery.Consul.Wire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul;

/// <summary>A service on the agent, kept alive through its TTL check, or asked for where the agent itself does the checking.</summary>
/// <param name="client">Asks the agent.</param>
/// <param name="errors">What goes wrong, in words.</param>
/// <param name="registration">What was registered.</param>
/// <param name="ownership">When to ask whether it still is ours.</param>
/// <param name="claim">Of its ID within this process, until it is revoked or let go of; null where it has the one that is its service's alone.</param>
internal sealed class ConsulLease(
    ConsulClient client, ConsulErrors errors, ServiceRegistration registration, OwnershipPacer ownership, IDisposable? claim) : IServiceLease
{
    private readonly ConsulRequest _find = ConsulClient.FindServiceRequest(registration.Name, registration.ID);
    private readonly CheckRequests _check = new(registration);
    private string? _contentHash;

    public string Description => $"check {registration.Check.CheckID}";

    public async Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken)
    {
        var pushes = registration.Check.TTL is not null;

        // Asked first: a beat of ours must not speak for a copy that has taken the ID over.
        if (!pushes || ownership.TryTake())
        {
            var status = await FindAsync(cancellationToken).ConfigureAwait(false);
            if (status != LeaseStatus.Held)
            {
                return status;
            }
        }

        return !pushes || await client.UpdateCheckAsync(_check.For(health, note), cancellationToken).ConfigureAwait(false)
            ? LeaseStatus.Held
            : LeaseStatus.Forgotten;
    }

    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken).ConfigureAwait(false) == LeaseStatus.Held)
        {
            await client.DeregisterAsync(registration.Name, registration.ID, cancellationToken).ConfigureAwait(false);
        }

        claim?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        claim?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<LeaseStatus> FindAsync(CancellationToken cancellationToken)
    {
        using var response = await client.FindServiceAsync(_find, cancellationToken).ConfigureAwait(false);
        if (response is null)
        {
            return LeaseStatus.Forgotten;
        }

        if (_contentHash is not null && HasHash(response.Body, _contentHash))
        {
            return LeaseStatus.Held;
        }

        var service = ConsulClient.Read(errors, _find, response, ConsulJsonContext.Default.AgentService);
        if (!service.IsOf(registration.Name))
        {
            return LeaseStatus.Forgotten; // no copy of ours, only one with the same ID on this agent: registering anew finds another spelling
        }

        if (!service.IsWhatWasRegistered(registration))
        {
            return LeaseStatus.Superseded;
        }

        _contentHash = service.ContentHash;
        return LeaseStatus.Held;
    }

    // Spares every beat the reading of what has not changed.
    private static bool HasHash(ReadOnlySpan<byte> service, string hash)
    {
        try
        {
            var reader = new Utf8JsonReader(service);
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("ContentHash"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(hash);
                }
            }
        }
        catch (JsonException)
        {
            // The full read that follows says what is wrong with it.
        }

        return false;
    }
}
