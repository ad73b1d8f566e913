using Discovery.Security;

namespace Discovery.Hosting.Lookup;

/// <summary>What goes on in a watch: following the registries, and, as long as they are needed, probing held instances and asking DNS.</summary>
internal sealed partial class ServiceWatch
{
    private static readonly TimeSpan DnsRetry = TimeSpan.FromSeconds(5);

    private async Task FollowAsync()
    {
        foreach (var registry in _sources.Registries)
        {
            if (_with.Cache.Load(registry.Registry.Description, ServiceName) is { } remembered)
            {
                Update(() =>
                {
                    _sources.Seed(registry, remembered);
                    return true;
                });
            }
        }

        var firstAnswer = _with.Time.CreateTimer(_ => GiveUpWaiting(), null, _with.Options.Current.FirstAnswerTimeout, Timeout.InfiniteTimeSpan);
        await using (firstAnswer.ConfigureAwait(false))
        {
            var followers = _sources.Registries.Select(registry => new RegistryFollower(registry, ServiceName, this, _with.Calls, _with.Time));
            await Task.WhenAll(followers.Select(follower => follower.RunAsync(_stopped))).ConfigureAwait(false);
        }
    }

    private void GiveUpWaiting()
    {
        if (!IsReady)
        {
            Update(() =>
            {
                foreach (var registry in _sources.Registries.Where(registry => !registry.IsLive))
                {
                    _sources.Lose(registry, error: null);
                }

                return true;
            });
            SetReady();
        }
    }

    private async Task ProbeHeldAsync()
    {
        var probing = new HeldProbing(_with.Probe, _with.Time);
        await probing.RunAsync(Held, Drop, () => _with.Options.Current.EmptyHold, _stopped).ConfigureAwait(false);
    }

    private IReadOnlyList<HeldInstance> Held()
    {
        lock (_gate)
        {
            var held = _sources.Held;

            // Under the lock that decides whether to start another: an instance held from now on must find it ended.
            _isProbing = held.Count > 0;
            return held;
        }
    }

    private void Drop(string id, bool refused)
    {
        var dropped = false;
        Update(() => dropped = _sources.Drop(id));
        if (dropped)
        {
            LogHeldDropped(ServiceName, id, refused ? "it refuses connections" : "it was held for as long as Discovery:Client:EmptyHold says");
            _observer.HeldInstanceDropped(ServiceName, refused);
            _with.Cache.Remember(this);
        }
    }

    private async Task ResolveAsync()
    {
        var isReported = false;
        while (NeedsDns())
        {
            var next = DnsRetry;
            IReadOnlyList<ServiceInstance>? instances = null;
            try
            {
                (instances, next) = await _with.Dns.ResolveAsync(ServiceName, _stopped).ConfigureAwait(false);
                isReported = false;
            }
            catch (Exception e) when (!_stopped.IsCancellationRequested)
            {
                // Whatever it is: what anybody may send in a name server's place ends in exceptions of all kinds, and is to be no more than no answer.
                // One line until it answers again, not one for each time it is asked.
                if (!isReported)
                {
                    isReported = true;
                    LogDnsFailed(ServiceName, UntrustedText.Line(FailureText.Of(e)));
                }
            }

            Update(() =>
            {
                _sources.Resolved(instances);
                return true;
            });
            await Task.Delay(next, _with.Time, _stopped).ConfigureAwait(false);
        }
    }

    private bool NeedsDns()
    {
        lock (_gate)
        {
            return _isResolving = _sources.NeedsDns;
        }
    }
}
