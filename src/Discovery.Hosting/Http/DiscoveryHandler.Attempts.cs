using Discovery.Hosting.Lookup;
using Discovery.Hosting.Telemetry;
using Polly.CircuitBreaker;

namespace Discovery.Hosting.Http;

/// <summary>How one attempt begins and ends, whichever way it is sent.</summary>
internal sealed partial class DiscoveryHandler
{
    private Attempt Begin(HttpRequestMessage request, Uri uri, ServiceWatch watch)
    {
        var wanted = new PickRequest { Scheme = uri.Scheme, Key = watch.UsesKey ? KeyOf(request, watch) : null, Tried = tried.Of(request) };
        var picked = watch.Pick(wanted);
        if (!picked.IsFound)
        {
            throw watch.NoInstanceFor(wanted);
        }

        if (wanted.Tried is { Count: > 0 })
        {
            observer.Retried(watch.ServiceName);
        }

        HttpSpans.Note(request, picked.Address.Instance);
        request.RequestUri = picked.Address.Locate(uri);
        var setsHost = picked.Address.HostHeader is not null && request.Headers.Host is null;
        if (setsHost)
        {
            request.Headers.Host = picked.Address.HostHeader;
        }

        return new(request, uri, watch, picked.Address, picked.StartedAt, setsHost);
    }

    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">What it says of the instance.</param>
    /// <param name="hasFailed">Whether another attempt is to prefer another instance.</param>
    private void End(in Attempt attempt, PickOutcome outcome, bool hasFailed)
    {
        attempt.Request.RequestUri = attempt.Uri;
        if (attempt.SetsHost)
        {
            // Left in place, it would stick to the next attempt, which may go to another host.
            attempt.Request.Headers.Host = null;
        }

        attempt.Pick.Report(outcome);
        observer.AttemptEnded(attempt.Watch.ServiceName, outcome);
        if (hasFailed)
        {
            tried.Add(attempt.Request, attempt.Address.Instance.Id);
        }
    }

    /// <returns>Whether the request has not reached the instance, so that it may go to another, whatever it asks for.</returns>
    private bool EndFailed(in Attempt attempt, Exception error, CancellationToken cancellationToken)
    {
        var outcome = AttemptOutcome.Of(error, cancellationToken);
        var isCircuitOpen = error is BrokenCircuitException;
        End(attempt, outcome, hasFailed: outcome is not PickOutcome.Cancelled || isCircuitOpen);
        return outcome is PickOutcome.ConnectFailed || isCircuitOpen;
    }

    private void EndAnswered(in Attempt attempt, HttpResponseMessage response)
    {
        var outcome = AttemptOutcome.Of(response);
        End(attempt, outcome, hasFailed: outcome is not PickOutcome.Success);
    }

    private bool MayTryElsewhere(in Attempt attempt, int instances) =>
        instances < MaxInstances && attempt.Watch.HasOther(attempt.Uri.Scheme, tried.Of(attempt.Request));

    private static string? KeyOf(HttpRequestMessage request, ServiceWatch watch)
    {
        if (request.Options.TryGetValue(DiscoveryRequest.Key, out var key))
        {
            return key;
        }

        return watch.KeyHeader is { } header && request.Headers.NonValidated.TryGetValues(header, out var values) ? values.ToString() : null;
    }
}
