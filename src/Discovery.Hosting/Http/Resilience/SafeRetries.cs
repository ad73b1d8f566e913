using System.Net.Http.Json;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Discovery.Hosting.Http.Resilience;

/// <summary>Retries what has not reached any instance, and of the rest what may be done twice: idempotent methods whose body can be sent again.</summary>
internal sealed class SafeRetries(RetryBudget budget)
{
    public ValueTask<bool> ShouldHandle(RetryPredicateArguments<HttpResponseMessage> arguments)
    {
        if (arguments.AttemptNumber == 0)
        {
            budget.Deposit();
        }

        return new(IsSafe(arguments) && budget.TryWithdraw());
    }

    private static bool IsSafe(in RetryPredicateArguments<HttpResponseMessage> arguments) =>
        WasNeverSent(arguments.Outcome.Exception)
        || (arguments.Context.GetRequestMessage() is { } request && IsIdempotent(request.Method) && CanBeSentAgain(request.Content) && IsTransient(arguments));

    private static bool WasNeverSent(Exception? error) =>
        error is BrokenCircuitException || (error is not null && AttemptOutcome.Of(error, CancellationToken.None) is PickOutcome.ConnectFailed);

    // The connect time-out of SocketsHttpHandler comes as a cancellation that nobody has asked for.
    private static bool IsTransient(in RetryPredicateArguments<HttpResponseMessage> arguments) =>
        HttpClientResiliencePredicates.IsTransient(arguments.Outcome)
        || (arguments.Outcome.Exception is { } error && AttemptOutcome.Of(error, arguments.Context.CancellationToken) is PickOutcome.TimedOut);

    // RFC 9110, section 9.2.2.
    private static bool IsIdempotent(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options
        || method == HttpMethod.Trace || method == HttpMethod.Put || method == HttpMethod.Delete;

    // What a stream has given it does not give twice, and of other contents nothing is known.
    private static bool CanBeSentAgain(HttpContent? content) => content is null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent;
}
