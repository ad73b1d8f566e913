using Discovery.Hosting.Http.Resilience;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Http;

/// <summary>Sends a request whose host is the name of a service to one of its instances.</summary>
/// <remarks>
/// Each attempt picks anew, so that under a retry handler each may go elsewhere. Where no connection can be made the request has not
/// been sent, whatever it is, and another instance is tried right here. The request is given back as it came, its URI and Host header included.
/// </remarks>
/// <param name="hosts">Knows which hosts are services.</param>
/// <param name="watches">What is known of them.</param>
/// <param name="tried">Remembers where a request has failed.</param>
/// <param name="observer">Is told of each attempt.</param>
/// <param name="circuits">Each attempt goes through that of its instance; null where it goes straight there.</param>
internal sealed partial class DiscoveryHandler(
    ServiceHosts hosts, WatchTable watches, TriedInstances tried, ILookupObserver observer, InstanceCircuits? circuits = null) : DelegatingHandler
{
    /// <summary>How many instances a request is offered to before it has failed.</summary>
    public const int MaxInstances = 3;

    // The same for each call through a circuit.
    private Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? _sendOn;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || !IsCandidate(uri))
        {
            return PassOnAsync(request, cancellationToken);
        }

        return watches.TryGet(uri.Host, out var watch) && watch.IsReady && hosts.IsService(uri.Host) is true
            ? SendWarm(request, uri, watch, cancellationToken)
            : SendWhenReadyAsync(request, uri, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || !IsCandidate(uri)
            || !IsServiceAsync(uri.Host, cancellationToken).AsTask().GetAwaiter().GetResult())
        {
            return PassOn(request, cancellationToken);
        }

        using var view = new WatchHold(watches, uri.Host);
        view.Watch.Ready.Wait(cancellationToken);
        for (var instances = 1; ; instances++)
        {
            var attempt = Begin(request, uri, view.Watch);
            try
            {
                var response = Send(attempt, cancellationToken);
                EndAnswered(attempt, response);
                return response;
            }
            catch (Exception e)
            {
                if (!EndFailed(attempt, e, cancellationToken) || !MayTryElsewhere(attempt, instances))
                {
                    throw;
                }
            }
        }
    }

    // An answer at once from a warm service needs no state machine, and one that takes its time needs one only.
    private Task<HttpResponseMessage> SendWarm(HttpRequestMessage request, Uri uri, ServiceWatch watch, CancellationToken cancellationToken)
    {
        var attempt = Begin(request, uri, watch);
        var sending = BeginSending(attempt, cancellationToken);
        if (sending.IsCompletedSuccessfully)
        {
            EndAnswered(attempt, sending.Result);
            return sending;
        }

        return FinishAsync(attempt, sending, cancellationToken);
    }

    private async Task<HttpResponseMessage> FinishAsync(Attempt attempt, Task<HttpResponseMessage> sending, CancellationToken cancellationToken)
    {
        for (var instances = 1; ; instances++)
        {
            try
            {
                var response = await sending.ConfigureAwait(false);
                EndAnswered(attempt, response);
                return response;
            }
            catch (Exception e)
            {
                if (!EndFailed(attempt, e, cancellationToken) || !MayTryElsewhere(attempt, instances))
                {
                    throw;
                }
            }

            attempt = Begin(attempt.Request, attempt.Uri, attempt.Watch);
            sending = BeginSending(attempt, cancellationToken);
        }
    }

    // A handler that throws at once is one whose task fails: the attempt ends in one place.
    private Task<HttpResponseMessage> BeginSending(in Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            return SendAsync(attempt, cancellationToken);
        }
        catch (Exception e)
        {
            return Task.FromException<HttpResponseMessage>(e);
        }
    }

    private async Task<HttpResponseMessage> SendWhenReadyAsync(HttpRequestMessage request, Uri uri, CancellationToken cancellationToken)
    {
        if (!await IsServiceAsync(uri.Host, cancellationToken).ConfigureAwait(false))
        {
            return await PassOnAsync(request, cancellationToken).ConfigureAwait(false);
        }

        using var view = new WatchHold(watches, uri.Host);
        await view.Watch.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await SendWarm(request, uri, view.Watch, cancellationToken).ConfigureAwait(false);
    }

    // A host that is no service is sent what it is asked for, in the scheme that is preferred: which ones it speaks nobody knows.
    private Task<HttpResponseMessage> PassOnAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        FirstSchemeOf(request.RequestUri) is { } uri ? PassOnAsync(request, uri, cancellationToken) : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> PassOnAsync(HttpRequestMessage request, Uri uri, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri;
        request.RequestUri = uri;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = asked;
        }
    }

    private HttpResponseMessage PassOn(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri;
        if (FirstSchemeOf(asked) is not { } uri)
        {
            return base.Send(request, cancellationToken);
        }

        request.RequestUri = uri;
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = asked;
        }
    }

    /// <returns>The URI with the first of its schemes; null where it has one.</returns>
    private static Uri? FirstSchemeOf(Uri? uri) =>
        uri is { IsAbsoluteUri: true } && uri.Scheme.IndexOf('+', StringComparison.Ordinal) is > 0 and var end
            ? new UriBuilder(uri) { Scheme = uri.Scheme[..end] }.Uri
            : null;

    private Task<HttpResponseMessage> SendAsync(in Attempt attempt, CancellationToken cancellationToken) =>
        circuits is null
            ? base.SendAsync(attempt.Request, cancellationToken)
            : circuits.SendAsync(attempt.Address, attempt.Request, _sendOn ??= base.SendAsync, cancellationToken);

    private HttpResponseMessage Send(in Attempt attempt, CancellationToken cancellationToken) =>
        circuits is null
            ? base.Send(attempt.Request, cancellationToken)
            : circuits.Send(attempt.Address, attempt.Request, base.Send, cancellationToken);

    private static bool IsCandidate(Uri uri) => ServiceName.TryGetFromHost(uri, out _);

    private ValueTask<bool> IsServiceAsync(string host, CancellationToken cancellationToken) =>
        hosts.IsService(host) is { } known ? new(known) : new(hosts.IsServiceAsync(host, cancellationToken));
}
