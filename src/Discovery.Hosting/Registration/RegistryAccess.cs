using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Discovery.Hosting.Registration;

/// <summary>
/// A registry, with what all its registrations share: the breaker. While it is open the registrations wait without asking, and the
/// one that asks first afterwards asks for all, however many there are.
/// </summary>
internal sealed class RegistryAccess
{
    // Fewer failures than this in a row say little: a lone registration paces itself by its own back-off.
    private const int FailuresToOpen = 10;
    private static readonly TimeSpan SamplingDuration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _breaker;

    /// <param name="registry">The registry.</param>
    /// <param name="ttl">The app's Ttl. The break is a sixth of it, so that a registration is back within one beat of the registry.</param>
    /// <param name="time">The clock.</param>
    public RegistryAccess(IServiceRegistry registry, TimeSpan ttl, TimeProvider time)
    {
        Registry = registry;
        _time = time;
        var pause = ttl / 6;
        _breaker = new ResiliencePipelineBuilder { TimeProvider = new SteadyTime(time) }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = args => new(args.Outcome.Exception is RegistryException { Kind: RegistryErrorKind.Unavailable } or TimeoutRejectedException),
                FailureRatio = 0.9,
                MinimumThroughput = FailuresToOpen,
                SamplingDuration = SamplingDuration,
                BreakDuration = pause < ShortestBreak ? ShortestBreak : pause > LongestBreak ? LongestBreak : pause,
            })
            .Build();
    }

    public IServiceRegistry Registry { get; }

    /// <summary>One attempt at the registry, through the shared breaker, given up after a third of the Ttl (1.5 to 10 seconds).</summary>
    public ResiliencePipeline Attempt(TimeSpan ttl)
    {
        var limit = ttl / 3;
        return new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddPipeline(_breaker)
            .AddTimeout(limit < ShortestAttempt ? ShortestAttempt : limit > LongestAttempt ? LongestAttempt : limit)
            .Build();
    }
}
