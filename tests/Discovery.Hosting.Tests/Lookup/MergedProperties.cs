using System.Globalization;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Lookup;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>What holds of a merged set whatever three registries say, lose and take back, in whatever order.</summary>
public sealed class MergedProperties
{
    private const int Steps = 120;

    [Fact]
    public void MergedSet_AfterAnyChanges_IsWhatTheRegistriesVouchFor()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            Play(seed);
        }
    }

    private static void Play(int seed)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider();
        var merged = new MergedInstances(
            Enumerable.Range(0, 3).Select(i => new ScriptedRegistry { Description = i.ToString(CultureInfo.InvariantCulture) }),
            new OutlierDetector(BalancingSettings.Default, time, Chance.Shared));
        var departures = new Departures(merged, time);
        for (var step = 0; step < Steps; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(random.Next(2000)));
            var before = (Ids(merged.Table), merged.StoodByUntil, Described(merged));
            var changed = Change(merged, merged.Registries[random.Next(3)], random);
            departures.Observe();
            Check(merged, $"seed {seed}, step {step}");
            Assert.All(Listed(merged.Table), slot => Assert.True(departures.AreOutlived(slot.Entry.Instance.Id), $"seed {seed}, step {step}: {slot.Entry.Instance.Id} has left"));
            Assert.True(changed || before == (Ids(merged.Table), merged.StoodByUntil, Described(merged)), $"seed {seed}, step {step}: a change was not told");
        }
    }

    private static bool Change(MergedInstances merged, RegistrySource registry, Random random)
    {
        var (isNews, wasLive) = (registry.HasAnswered, registry.IsLive);
        switch (random.Next(8))
        {
            case 0:
                registry.Lose("lost");
                merged.FollowAll(registry, isNews: false);
                return true;
            case 1 when merged.Table.Held is [var held, ..]:
                return merged.Drop(held.Id);
            case 2:
                registry.Apply(RegistryChange.Complete([.. Some(random)]));
                break;
            case 3 or 4 when wasLive:
                registry.Apply(RegistryChange.Delta([], [.. Some(random).Take(1).Select(instance => instance.Id)]));
                break;
            case 5 when wasLive:
                registry.Apply(RegistryChange.Confirmation);
                break;
            default:
                registry.Apply(wasLive ? RegistryChange.Delta([.. Some(random).Take(2)], []) : RegistryChange.Complete([.. Some(random)]));
                break;
        }

        return (wasLive ? merged.Follow(registry, isNews) : merged.FollowAll(registry, isNews)) || !wasLive;
    }

    private static IEnumerable<ServiceInstance> Some(Random random) => Enumerable.Range(0, 8).OrderBy(_ => random.Next()).Take(random.Next(8)).Select(i => Instances.Create(
        $"a{i}", health: random.Next(4) == 0 ? HealthStatus.Unhealthy : HealthStatus.Healthy, weight: random.Next(1, 4), incarnation: random.Next(1, 3)));

    private static void Check(MergedInstances merged, string where)
    {
        var vouched = merged.Registries.Where(registry => registry.IsLive).SelectMany(registry => Listed(registry.Table)).Select(slot => slot.Entry.Instance.Id).ToHashSet();
        var listed = Listed(merged.Table).Select(slot => slot.Entry.Instance.Id).ToHashSet();
        var known = merged.Registries.SelectMany(registry => registry.Table.Slots).ToLookup(slot => slot.Entry.Instance.Id);
        Assert.True(vouched.IsSubsetOf(listed), $"{where}: what a live registry lists is missing");
        Assert.True(merged.Table.Slots.All(slot => known.Contains(slot.Entry.Instance.Id)), $"{where}: there is what no registry knows");
        Assert.True(!merged.IsStoodBy || (listed.SetEquals(vouched) && merged.Table.HeldCount == 0), $"{where}: called live without a registry that lists it");
        Assert.True(merged.IsStoodBy || !merged.Registries.All(registry => registry.IsStoodBy), $"{where}: stale although all registries stand by all");
        Assert.All(Listed(merged.Table), slot => Assert.Contains(
            known[slot.Entry.Instance.Id], claim => claim.HeldAt is null && claim.Entry.Instance with { Incarnation = 0 } == slot.Entry.Instance with { Incarnation = 0 }));
        Assert.All(Listed(merged.Table).Where(slot => slot.Entry.Instance.Health is HealthStatus.Unhealthy), slot => Assert.DoesNotContain(
            merged.Registries.Where(registry => registry.IsLive), registry => registry.Table.Find(slot.Entry.Instance.Id) is { HeldAt: null, Entry.Instance.Health: HealthStatus.Healthy }));
    }

    private static IEnumerable<InstanceSlot> Listed(InstanceTable table) => table.Slots.Where(slot => slot.HeldAt is null);

    private static string Ids(InstanceTable table) => string.Join(' ', table.Slots.Select(slot => $"{slot.Entry.Instance.Id}{(slot.HeldAt is null ? "" : "?")}").Order(StringComparer.Ordinal));

    private static string Described(MergedInstances merged) => string.Join(' ', merged.Table.Slots
        .OrderBy(slot => slot.Entry.Instance.Id, StringComparer.Ordinal)
        .Select(slot => $"{slot.Entry.Instance.Weight}/{slot.Entry.Instance.Health}/{slot.Entry.Instance.Incarnation}"));

    /// <summary>Which registry has seen which instance leave, and when.</summary>
    private sealed class Departures(MergedInstances merged, FakeTimeProvider time)
    {
        private readonly Dictionary<(RegistrySource From, string Id), long> _left = [];
        private HashSet<(RegistrySource From, string Id)> _known = [];

        public void Observe()
        {
            var known = merged.Registries.SelectMany(registry => registry.Table.Slots, (registry, slot) => (registry, slot.Entry.Instance.Id)).ToHashSet();
            foreach (var gone in _known.Except(known))
            {
                _left[gone] = time.GetTimestamp();
            }

            foreach (var (registry, id) in known.Where(_left.ContainsKey).ToList())
            {
                // Whoever is seen leaving and coming tells that the others, too, have seen the end of another life.
                var isAnew = registry.Table.Find(id) is { HeldAt: null } && IsWithin(_left[(registry, id)], time.GetTimestamp());
                foreach (var other in merged.Registries.Where(other => isAnew || other == registry))
                {
                    _left.Remove((other, id));
                }
            }

            _known = known;
        }

        /// <summary>Whether a registry lists the instance that is live, or was heard long enough after any other has seen it leave.</summary>
        public bool AreOutlived(string id) => merged.Registries.Any(registry => registry.Table.Find(id) is { HeldAt: null }
            && (registry.IsLive || !_left.Any(left => left.Key.Id == id && IsWithin(left.Value, registry.ConfirmedAt))));

        private bool IsWithin(long left, long until) => time.GetElapsedTime(left, until) < TimeSpan.FromSeconds(3);
    }
}
