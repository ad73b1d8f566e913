using System.Runtime.CompilerServices;
using Discovery.Etcd.Layouts;
using Google.Protobuf.Collections;
using Mvccpb;

namespace Discovery.Etcd.Watching;

/// <summary>Follows the instances of one service: lists them at a revision, watches from the next one, and lists again where events may be missing.</summary>
internal sealed class ServiceWatch(EtcdClient client, WatchStream watches, Keyspace keyspace, string serviceName, UndecodableValues undecodable, TimeProvider time)
{
    // Through a member that lags, each watch begins with a gap until the member has caught up.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    // What is listed is bounded in size, what is added to it over time is not.
    private const int MaxChangesSinceList = 200_000;

    private readonly string _prefix = keyspace.ServicePrefix(serviceName);

    public async IAsyncEnumerable<RegistryChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var list = await client.RangeAsync(_prefix, keysOnly: false, $"list {serviceName}", cancellationToken).ConfigureAwait(false);
            if (list.Kvs.Count > InstanceLimits.MaxInstances)
            {
                throw new RegistryException($"etcd has {list.Kvs.Count} keys of {serviceName}, and {InstanceLimits.MaxInstances} are allowed.");
            }

            var startedAt = time.GetTimestamp();
            yield return RegistryChange.Complete(Decode(list.Kvs));

            using var changes = new ServiceChanges(cancellationToken);
            var subscription = watches.Subscribe(
                new WatchSubscription(_prefix, KeyRange.EndOf(_prefix), list.Header.Revision + 1, $"read on prefix {_prefix}", changes));
            var changed = 0;
            try
            {
                while (changed < MaxChangesSinceList && await changes.TakeAsync().ConfigureAwait(false) is { } events)
                {
                    changed += events.Count;
                    yield return events.Count == 0 ? RegistryChange.Confirmation : Decode(events);
                }
            }
            finally
            {
                watches.Unsubscribe(subscription);
            }

            if (time.GetElapsedTime(startedAt) < Pace)
            {
                await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private List<ServiceInstance> Decode(RepeatedField<KeyValue> entries)
    {
        var instances = new List<ServiceInstance>(entries.Count);
        foreach (var entry in entries)
        {
            if (TryDecode(entry) is { } instance)
            {
                instances.Add(instance);
            }
        }

        return instances;
    }

    private RegistryChange Decode(IReadOnlyCollection<Event> events)
    {
        List<ServiceInstance>? upserts = null;
        List<string>? removed = null;
        foreach (var change in events)
        {
            if (change.Type == Event.Types.EventType.Put && TryDecode(change.Kv) is { } instance)
            {
                (upserts ??= new(events.Count)).Add(instance);
            }
            else if (keyspace.IdOf(serviceName, change.Kv.Key.ToStringUtf8()) is { } id)
            {
                (removed ??= []).Add(id); // also what was written over with something else: it says nothing of an instance any more
            }
        }

        return RegistryChange.Delta(upserts ?? [], removed ?? []);
    }

    private ServiceInstance? TryDecode(KeyValue entry)
    {
        var key = entry.Key.ToStringUtf8();
        var reason = "its key names no instance";
        if (keyspace.IdOf(serviceName, key) is { } id && keyspace.Layout.TryDecode(serviceName, id, entry, out var instance, out reason))
        {
            return instance;
        }

        undecodable.Report(key, reason);
        return null;
    }
}
