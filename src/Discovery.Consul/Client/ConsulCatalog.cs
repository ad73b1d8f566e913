using System.Globalization;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Client;

/// <summary>The calls that looking up needs. They may be answered by any server (<c>stale</c>), so a busy leader slows nobody.</summary>
internal sealed class ConsulCatalog(ConsulTransport transport, ConsulErrors errors, string? datacenter, bool gzip, TimeProvider timeProvider)
{
    /// <summary>Some 55,000 instances.</summary>
    private const int MaxListLength = 64 * 1024 * 1024;

    /// <summary>How long after its wait an answer may still begin.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    /// <summary>Above this, a server that says it follows a leader has not heard from it.</summary>
    private static readonly TimeSpan MaxLastContact = TimeSpan.FromSeconds(30);

    private readonly string _where = datacenter is null ? "stale" : $"stale&dc={Uri.EscapeDataString(datacenter)}";
    private readonly EmptyAnswers _emptyAnswers = new(transport, timeProvider);

    /// <summary>Lists a service's instances, at once (index 0) or when the list has moved beyond an index; the caller disposes the answer.</summary>
    public async Task<ConsulResponse> GetInstancesAsync(string serviceName, long index, TimeSpan wait, CancellationToken cancellationToken)
    {
        var request = InstancesRequest(serviceName, index, wait);
        var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return !response.IsSuccess ? throw errors.Refused(request, response)
                : !response.KnowsLeader || response.LastContact > MaxLastContact ? throw errors.Leaderless(request)
                : response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Throws where an empty list of instances comes from a missing permission.</summary>
    public async Task EnsurePermittedAsync(string serviceName, bool isFiltered, CancellationToken cancellationToken)
    {
        if (await _emptyAnswers.FindMissingPermissionAsync(serviceName, isFiltered, IsListedAsync, cancellationToken).ConfigureAwait(false) is { } missing)
        {
            throw errors.MissingPermission(InstancesRequest(serviceName), missing);
        }
    }

    public async Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken)
    {
        var request = new ConsulRequest(HttpMethod.Get, $"/v1/catalog/services?{_where}", "listing the services", "service:read on the services to list")
        {
            Gzip = gzip,
            MaxLength = MaxListLength,
        };
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccess)
        {
            throw errors.Refused(request, response);
        }

        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in ConsulClient.Read(errors, request, response, ConsulJsonContext.Default.DictionaryStringListString).Keys)
        {
            if (ServiceName.TryNormalize(name, out var normalized))
            {
                names.Add(normalized);
            }
        }

        return [.. names];
    }

    private async Task<bool> IsListedAsync(string serviceName, CancellationToken cancellationToken)
    {
        var services = await GetServicesAsync(cancellationToken).ConfigureAwait(false);
        if (!services.Contains(serviceName))
        {
            return false;
        }

        // It may have come between the two answers.
        using var again = await GetInstancesAsync(serviceName, 0, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return again.Body.SequenceEqual("[]"u8);
    }

    public ConsulRequest InstancesRequest(string serviceName, long index = 0, TimeSpan wait = default)
    {
        var path = $"/v1/health/service/{Uri.EscapeDataString(serviceName)}?{_where}";
        return new ConsulRequest(
            HttpMethod.Get,
            index == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}&index={index}&wait={(long)wait.TotalMilliseconds}ms"),
            $"looking up '{serviceName}'",
            $"service:read on service \"{serviceName}\" and node:read on its nodes")
        {
            // Consul adds up to a sixteenth of the wait, so that not all that wait wake at once.
            TimeOut = index == 0 ? ConsulRequest.DefaultTimeOut : wait + (wait / 16) + Slack,
            Gzip = gzip,
            MaxLength = MaxListLength,
        };
    }
}
