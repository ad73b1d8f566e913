using Discovery.Dashboard.Api;

namespace Discovery.Dashboard.Live;

/// <summary>The instances of the services that are looked at, listed at most twice a second for all who look.</summary>
internal sealed class ServiceDetails(IDiscoveryDiagnostics diagnostics, TimeProvider time)
{
    private const int MostBusy = 10;
    private const int MaxKept = 8;
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(400);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long At, Listing Listing)> _kept = new(StringComparer.Ordinal);

    public ServiceDetail? Get(string name, InstancePage page)
    {
        if (diagnostics.GetServices().FirstOrDefault(each => each.ServiceName == name) is not { } service)
        {
            return null;
        }

        var listing = List(name);
        var now = time.GetUtcNow();
        var matching = page.Filter.Length == 0 ? listing.Instances : [.. listing.Instances.Where(status => page.Matches(status.Instance))];
        return new(
            now,
            ServiceSummary.Of(service),
            listing.Picks,
            listing.Failures,
            listing.InFlight,
            listing.Busiest,
            [.. diagnostics.GetInstanceHistory(name).Select(point => new HistoryPoint(point.At, CountsView.Of(point)))],
            matching.Count,
            page.Offset,
            [.. matching.Skip(page.Offset).Take(page.Limit).Select(status => InstanceView.Of(status, listing.Picks, now))]);
    }

    private Listing List(string name)
    {
        lock (_gate)
        {
            if (_kept.TryGetValue(name, out var kept) && time.GetElapsedTime(kept.At) < Freshness)
            {
                return kept.Listing;
            }

            // What nobody has asked for lately is let go of, so that a list of thousands does not stay.
            foreach (var old in _kept.Where(each => time.GetElapsedTime(each.Value.At) >= Freshness).Select(each => each.Key).ToList())
            {
                _kept.Remove(old);
            }

            var listing = Listing.Of(diagnostics.GetInstances(name));
            if (_kept.Count < MaxKept)
            {
                _kept[name] = (time.GetTimestamp(), listing);
            }

            return listing;
        }
    }

    private sealed record Listing(IReadOnlyList<InstanceStatus> Instances, long Picks, long Failures, int InFlight, IReadOnlyList<PickShare> Busiest)
    {
        public static Listing Of(IReadOnlyList<InstanceStatus> instances) => new(
            instances,
            instances.Sum(status => status.Picks),
            instances.Sum(status => status.Failures),
            instances.Sum(status => status.InFlight),
            [.. instances.OrderByDescending(status => status.Picks).Take(MostBusy).Select(status => new PickShare(status.Instance.Id, status.Picks, status.Failures))]);
    }
}
