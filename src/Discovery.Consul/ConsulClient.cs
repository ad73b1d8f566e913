using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Discovery.Consul.Client;
using Discovery.Consul.Wire;

namespace Discovery.Consul;

/// <summary>The calls to the agent that registering needs. A thin layer: one method, one call.</summary>
/// <remarks>
/// Consul says in two ways that something is unknown: with 404, or, for checks and under ACLs, with 500 and a text.
/// </remarks>
internal sealed class ConsulClient(ConsulTransport transport, ConsulErrors errors)
{
    public async Task RegisterAsync(ServiceRegistration registration, CancellationToken cancellationToken)
    {
        var request = new ConsulRequest(HttpMethod.Put, "/v1/agent/service/register", $"registering '{registration.ID}'", Writing(registration.Name))
        {
            Json = JsonSerializer.SerializeToUtf8Bytes(registration, ConsulJsonContext.Default.ServiceRegistration),
        };
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        ThrowUnlessSuccess(request, response);
    }

    /// <summary>The check as the agent has it, or null where it has none.</summary>
    public async Task<AgentCheck?> FindCheckAsync(ServiceRegistration registration, CancellationToken cancellationToken)
    {
        var filter = Uri.EscapeDataString($"CheckID == \"{registration.Check.CheckID}\"");
        var request = new ConsulRequest(
            HttpMethod.Get, $"/v1/agent/checks?filter={filter}", $"looking for the check of '{registration.ID}'", Writing(registration.Name));
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        ThrowUnlessSuccess(request, response);
        return Read(errors, request, response, ConsulJsonContext.Default.DictionaryStringAgentCheck).Values.FirstOrDefault();
    }

    /// <summary>What the agent holds under these IDs.</summary>
    public async Task<Dictionary<string, AgentService>> FindServicesAsync(string serviceName, string id, string otherId, CancellationToken cancellationToken)
    {
        var filter = Uri.EscapeDataString($"ID == \"{id}\" or ID == \"{otherId}\"");
        var request = new ConsulRequest(HttpMethod.Get, $"/v1/agent/services?filter={filter}", $"looking for '{id}'", Writing(serviceName));
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        ThrowUnlessSuccess(request, response);
        return Read(errors, request, response, ConsulJsonContext.Default.DictionaryStringAgentService);
    }

    /// <summary>Asks the agent for a service; the caller disposes the answer.</summary>
    /// <returns>The answer, or null where the agent has no such service.</returns>
    public async Task<ConsulResponse?> FindServiceAsync(ConsulRequest request, CancellationToken cancellationToken)
    {
        var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccess)
        {
            return response;
        }

        using (response)
        {
            return IsUnknown(response) ? null : throw errors.Refused(request, response);
        }
    }

    /// <summary>Sends a state to a TTL check; false where the agent has no such check.</summary>
    public async Task<bool> UpdateCheckAsync(ConsulRequest request, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccess && IsUnknown(response))
        {
            return false;
        }

        ThrowUnlessSuccess(request, response);
        return true;
    }

    /// <summary>Removes a service from the agent; one that is not there is no error.</summary>
    public async Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        var request = new ConsulRequest(
            HttpMethod.Put, $"/v1/agent/service/deregister/{Uri.EscapeDataString(id)}", $"deregistering '{id}'", Writing(serviceName));
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccess && !IsUnknown(response))
        {
            throw errors.Refused(request, response);
        }
    }

    public static T Read<T>(ConsulErrors errors, ConsulRequest request, ConsulResponse response, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(response.Body, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw errors.Unreadable(request, e);
        }
    }

    /// <summary>The request for <see cref="FindServiceAsync"/>.</summary>
    public static ConsulRequest FindServiceRequest(string serviceName, string id) =>
        new(HttpMethod.Get, $"/v1/agent/service/{Uri.EscapeDataString(id)}", $"looking for '{id}'", $"service:read on service \"{serviceName}\"");

    private static string Writing(string serviceName) => $"service:write on service \"{serviceName}\"";

    private void ThrowUnlessSuccess(ConsulRequest request, ConsulResponse response)
    {
        if (!response.IsSuccess)
        {
            throw errors.Refused(request, response);
        }
    }

    private static bool IsUnknown(ConsulResponse response) => response.Status switch
    {
        HttpStatusCode.NotFound => true,
        HttpStatusCode.InternalServerError => response.Text() is var text
            && (text.Contains("does not have associated TTL", StringComparison.Ordinal)
                || text.StartsWith("Unknown check", StringComparison.Ordinal)
                || text.StartsWith("Unknown service", StringComparison.Ordinal)),
        _ => false,
    };
}
