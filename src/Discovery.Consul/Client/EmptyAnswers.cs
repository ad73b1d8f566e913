using System.Net;

namespace Discovery.Consul.Client;

/// <summary>
/// Tells an empty list that is true from one that a missing permission has emptied: to who may not see, Consul answers 200 and <c>[]</c>.
/// </summary>
/// <remarks>
/// Newer servers say so in a header, to callers with a token. Elsewhere two calls tell: the agent refuses to speak of a service
/// without <c>service:read</c>, and the catalog's names need no <c>node:read</c>, which the instances need as well.
/// </remarks>
internal sealed class EmptyAnswers(ConsulTransport transport, TimeProvider timeProvider)
{
    private static readonly TimeSpan AcceptedFor = TimeSpan.FromSeconds(10);

    private long _withoutAclsAt;
    private bool _isWithoutAcls;

    /// <summary>The permission that is missing, in words; null where the list is truly empty.</summary>
    public async Task<string?> FindMissingPermissionAsync(
        string serviceName, bool isFiltered, Func<string, CancellationToken, Task<bool>> isListed, CancellationToken cancellationToken)
    {
        var serviceRead = $"service:read on service \"{serviceName}\"";
        var nodeRead = $"node:read on the nodes of service \"{serviceName}\"";
        if (isFiltered)
        {
            return $"{serviceRead} and {nodeRead}";
        }

        if (await IsWithoutAclsAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return !await MayReadServiceAsync(serviceName, serviceRead, cancellationToken).ConfigureAwait(false) ? serviceRead
            : await isListed(serviceName, cancellationToken).ConfigureAwait(false) ? nodeRead
            : null;
    }

    private async Task<bool> IsWithoutAclsAsync(CancellationToken cancellationToken)
    {
        if (_isWithoutAcls && timeProvider.GetElapsedTime(Interlocked.Read(ref _withoutAclsAt)) < AcceptedFor)
        {
            return true;
        }

        var request = new ConsulRequest(HttpMethod.Get, "/v1/acl/token/self", "asking for the token in use", "to be valid");
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _withoutAclsAt, timeProvider.GetTimestamp());
        return _isWithoutAcls = response.Status == HttpStatusCode.Unauthorized
            && response.Text().Contains("ACL support disabled", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<bool> MayReadServiceAsync(string serviceName, string permission, CancellationToken cancellationToken)
    {
        var path = $"/v1/agent/health/service/name/{Uri.EscapeDataString(serviceName)}?format=text";
        var request = new ConsulRequest(HttpMethod.Get, path, $"asking for '{serviceName}'", permission);
        using var response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.Status != HttpStatusCode.Forbidden;
    }
}
