using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Discovery.Hosting.Registration;

/// <summary>When a registration is tried again: for ever while it is wanted, a few times when the app leaves.</summary>
internal sealed class RegistrationRetries(RegistrationTarget target, RegistrationServices services)
{
    private const int AttemptsAtStop = 3;
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(0.5);

    /// <summary>Tries until it succeeds or its token is cancelled, with full jitter up to a beat in between.</summary>
    /// <param name="failed">Hears of each attempt that failed.</param>
    public ResiliencePipeline ForEver(Action<Exception> failed) => new ResiliencePipelineBuilder { TimeProvider = services.Time }
        .AddRetry(new RetryStrategyOptions
        {
            // What ends the loop is its own token, never the type of an exception: providers' time-outs look like cancellation.
            ShouldHandle = args => new(args.Outcome.Exception is not null && !args.Context.CancellationToken.IsCancellationRequested),
            MaxRetryAttempts = int.MaxValue,
            DelayGenerator = args => new(BackOff(args.AttemptNumber, args.Outcome.Exception!)),
            OnRetry = args =>
            {
                failed(args.Outcome.Exception!);
                return default;
            },
        })
        .Build();

    /// <summary>Tries again what got no answer, quickly and not for long: the exit waits for it.</summary>
    public ResiliencePipeline FewTimes() => new ResiliencePipelineBuilder { TimeProvider = services.Time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => new(args.Outcome.Exception is RegistryException { Kind: RegistryErrorKind.Unavailable }),
            MaxRetryAttempts = AttemptsAtStop - 1,
            DelayGenerator = args => new(FullJitter.Delay(args.AttemptNumber, FirstBackOff, FirstBackOff, services.Random)),
        })
        .Build();

    private TimeSpan BackOff(int attempt, Exception failure) => failure is BrokenCircuitException { RetryAfter: { } pause }
        ? pause + FullJitter.Delay(0, target.Ttl / 12, target.Ttl / 12, services.Random)
        : FullJitter.Delay(attempt, FirstBackOff, target.BeatInterval, services.Random);
}
