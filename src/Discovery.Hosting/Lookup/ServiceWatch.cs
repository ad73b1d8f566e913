using System.Diagnostics.Metrics;
using Discovery.Hosting.LoadBalancing;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Lookup;

/// <summary>One service, watched once for the whole process: what is known of it, and who is waiting to hear more.</summary>
/// <remarks>Reading takes no lock: writers publish a new <see cref="WatchState"/>, readers use whichever they find.</remarks>
internal sealed partial class ServiceWatch : IRegistryListener, IAsyncDisposable
{
    private readonly WatchDependencies _with;
    private readonly ILogger _logger;
    private readonly ILookupObserver _observer;
    private readonly Instrument _picks;
    private readonly Lock _gate = new();
    private readonly InstanceSources _sources;
    private readonly InstanceHistory _history;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WatchState _state;
    private volatile bool _isReady;
    private Task _following = Task.CompletedTask;
    private Task _probing = Task.CompletedTask;
    private Task _resolving = Task.CompletedTask;

    public ServiceWatch(string serviceName, IReadOnlyList<IServiceRegistry> registries, WatchDependencies with)
    {
        ServiceName = serviceName;
        _with = with;
        _logger = with.Logger;
        _observer = with.Observer;
        _picks = with.Observer.Picks;
        _stopped = _stopping.Token;
        _detector = new(BalancingSettings.Of(with.Options.Current, serviceName), with.Time, with.Chance) { Suspect = Suspect };
        _sources = new(serviceName, registries, with, _detector);
        _history = new(with.Time);
        _balancer = CreateBalancer();
        _state = _sources.Build();
    }

    public string ServiceName { get; }

    public WatchUse Use { get; } = new();

    public WatchState Current => _state;

    public bool IsReady => _isReady;

    /// <summary>Ends with the first answer, at the latest after FirstAnswerTimeout.</summary>
    public Task Ready => _ready.Task;

    public void Start()
    {
        // The watch outlives its first caller: it must not run as part of that caller's trace.
        using (ExecutionContext.SuppressFlow())
        {
            _following = Task.Run(FollowAsync);
        }
    }

    /// <summary>Follows a change of configuration.</summary>
    public void Reconfigure()
    {
        Update(() =>
        {
            ReconfigureBalancing();
            _sources.Reconfigure();
            return true;
        });
    }

    public void OnChange(RegistrySource registry, RegistryChange change)
    {
        var established = false;
        var restored = false;
        var changed = false;
        Update(() =>
        {
            established = !registry.IsLive;
            (restored, registry.IsReportedLost) = (registry.IsReportedLost, false);
            changed = _sources.Apply(registry, change);
            return changed || established;
        });
        if (established)
        {
            LogEstablished(ServiceName, registry.Registry.Description);
            _observer.WatchEstablished(ServiceName, restored);
        }

        if (changed || established)
        {
            _with.Cache.Remember(this);
        }
    }

    public void OnLost(RegistrySource registry, Exception reason)
    {
        var lost = false;
        Update(() =>
        {
            var anew = !registry.IsLost;
            (lost, registry.IsReportedLost) = (!registry.IsReportedLost, true);
            _sources.Lose(registry, reason.Message);
            return anew;
        });
        if (lost)
        {
            var known = reason as RegistryException;
            LogLost(known is null ? reason : null, ServiceName, registry.Registry.Description, FailureText.Of(reason), RegistryAdvice.For(registry.Registry));
            _observer.WatchLost(ServiceName, registry.Registry.Description, known?.Kind ?? RegistryErrorKind.Invalid);
        }
    }

    /// <summary>What each registry stands by, as it is to be remembered on disk.</summary>
    public IReadOnlyList<RememberedSet> ToRemember()
    {
        var remembered = new List<RememberedSet>();
        lock (_gate)
        {
            foreach (var registry in _sources.Registries)
            {
                if (registry.Rememberable is { } instances)
                {
                    remembered.Add(new(registry.Registry.Description, ServiceName, instances, _with.Time.GetUtcNow() - _with.Time.GetElapsedTime(registry.ConfirmedAt)));
                }
            }
        }

        return remembered;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task[] running;
        lock (_gate)
        {
            running = [_following, _probing, _resolving, _returning];
            _attention?.Dispose();
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SetReady();
        _stopping.Dispose();
    }

    private void SetReady()
    {
        _isReady = true;
        _ready.TrySetResult();
    }
}
