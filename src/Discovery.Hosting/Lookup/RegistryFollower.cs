using Discovery.Hosting.Telemetry;
using Polly;
using Polly.Retry;

namespace Discovery.Hosting.Lookup;

/// <summary>Follows one service in the registry for ever: watches it, and, whenever the watch is lost, backs off and watches it again.</summary>
internal sealed class RegistryFollower
{
    /// <summary>A registry that has said nothing for so long is as good as lost.</summary>
    public static readonly TimeSpan FirstChangeLimit = TimeSpan.FromSeconds(30);

    private readonly RegistrySource _source;
    private readonly IServiceRegistry _registry;
    private readonly string _serviceName;
    private readonly IRegistryListener _listener;
    private readonly RegistryCalls _calls;
    private readonly TimeProvider _time;
    private readonly WatchBackoff _backoff = new();

    public RegistryFollower(RegistrySource source, string serviceName, IRegistryListener listener, RegistryCalls calls, TimeProvider time)
    {
        _source = source;
        _registry = source.Registry;
        _serviceName = serviceName;
        _listener = listener;
        _calls = calls;
        _time = time;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var untilCancelled = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = _ => ValueTask.FromResult(!cancellationToken.IsCancellationRequested),
                DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(_backoff.Next()),
            })
            .Build();
        await untilCancelled.ExecuteAsync(FollowAsync, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FollowAsync(CancellationToken cancellationToken)
    {
        using var call = _calls.Begin(_registry, "watch", _serviceName);
        try
        {
            await FollowUntilLostAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            call.Failed(e, isGivenUp: false);
            _listener.OnLost(_source, e);
            throw;
        }
    }

    private async Task FollowUntilLostAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var firstChange = _time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), watching, FirstChangeLimit, Timeout.InfiniteTimeSpan);
        await using var _ = firstChange.ConfigureAwait(false);
        try
        {
            await foreach (var change in _registry.WatchAsync(_serviceName, watching.Token).ConfigureAwait(false))
            {
                firstChange.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _backoff.Reset();
                call.Answered();
                _listener.OnChange(_source, change);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException($"{_registry.Description} did not answer a watch of '{_serviceName}' within {FirstChangeLimit.TotalSeconds} s.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new RegistryException($"{_registry.Description} ended the watch of '{_serviceName}'.");
    }
}
