using Discovery.Hosting.Configuration;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Http;

/// <summary>Tells hosts that are services from those that are not: IP addresses, localhost, and dotted names that no registry knows.</summary>
internal sealed class ServiceHosts(ServiceNames names, ReloadableOptions<ClientOptions> options, TimeProvider time)
{
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromSeconds(10);

    // What every call to a foreign host would otherwise wait while the registry is down.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile HashSet<string>? _known;
    private Task _asking = Task.CompletedTask;
    private long _askedAt;

    /// <summary>Whether a candidate is a service; null where the registry has not been asked yet, and only asking will tell.</summary>
    public bool? IsService(string host)
    {
        if (!host.Contains('.') || options.Current.Static.ContainsKey(host))
        {
            return true;
        }

        if (_known is not { } known)
        {
            return null;
        }

        if (time.GetElapsedTime(Volatile.Read(ref _askedAt)) >= RefreshAfter)
        {
            _ = Ask();
        }

        return known.Contains(host);
    }

    /// <summary>Asks the registry which services it knows; within a bound, after which none is known.</summary>
    public async Task<bool> IsServiceAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            await Ask().WaitAsync(MaxWait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _known ??= [];
        }

        return IsService(host) ?? false;
    }

    private Task Ask()
    {
        lock (_gate)
        {
            if (_asking.IsCompleted)
            {
                Volatile.Write(ref _askedAt, time.GetTimestamp());
                _asking = AskAsync();
            }

            return _asking;
        }
    }

    private async Task AskAsync() => _known = (await names.GetAsync(CancellationToken.None).ConfigureAwait(false)).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
