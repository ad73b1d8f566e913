using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>A registry that says what the test tells it to, when the test tells it to.</summary>
internal sealed class ScriptedRegistry : IServiceRegistry, IServiceRegistryFactory
{
    private readonly ConcurrentDictionary<string, Channel<RegistryChange>> _open = new();
    private readonly ConcurrentDictionary<string, ServiceInstance[]> _listed = new();
    private readonly ConcurrentDictionary<string, int> _watches = new();
    private readonly ConcurrentDictionary<string, int> _unread = new();

    public string Name { get; init; } = "Scripted";

    public string Description { get; init; } = "Scripted registry";

    public IReadOnlyList<Uri> Endpoints => [];

    /// <summary>While true, every call fails.</summary>
    public volatile bool IsDown;

    /// <summary>What asking for the names of services fails with while it is down.</summary>
    public Exception ListingFailure { get; set; } = new RegistryException("down");

    /// <summary>While true, the names of services are asked for in vain.</summary>
    public volatile bool HangsListing;

    /// <summary>How often the names of services were asked for.</summary>
    public int Listings;

    public IServiceRegistry Create() => this;

    /// <summary>How often a service was begun to be watched, the failed attempts included.</summary>
    public int Watches(string service) => _watches.GetValueOrDefault(service);

    public bool IsWatched(string service) => _open.ContainsKey(service);

    /// <summary>What a watch that is begun from now on is told at once.</summary>
    public void List(string service, params ServiceInstance[] instances) => _listed[service] = instances;

    /// <summary>Tells the running watch.</summary>
    public void Send(string service, RegistryChange change)
    {
        _unread.AddOrUpdate(service, 1, (_, count) => count + 1);
        Assert.True(_open[service].Writer.TryWrite(change));
    }

    /// <summary>Whether the reader has come back for more after all that was sent.</summary>
    public bool IsRead(string service) => IsWatched(service) && _unread.GetValueOrDefault(service) == 0;

    public void Delete(string service, params string[] ids) => Send(service, RegistryChange.Delta([], ids));

    public void Lose(string service) => _open[service].Writer.TryComplete(new RegistryException("lost by the test"));

    public async IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _watches.AddOrUpdate(serviceName, 1, (_, count) => count + 1);
        if (IsDown)
        {
            throw new RegistryException("down");
        }

        var channel = _open[serviceName] = Channel.CreateUnbounded<RegistryChange>();
        try
        {
            if (_listed.TryGetValue(serviceName, out var listed))
            {
                _unread.AddOrUpdate(serviceName, 1, (_, count) => count + 1);
                yield return RegistryChange.Complete(listed);
                _unread.AddOrUpdate(serviceName, 0, (_, count) => count - 1);
            }

            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
                _unread.AddOrUpdate(serviceName, 0, (_, count) => count - 1);
            }
        }
        finally
        {
            _open.TryRemove(new(serviceName, channel));
        }
    }

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Listings);
        return HangsListing ? new TaskCompletionSource<IReadOnlyList<string>>().Task.WaitAsync(cancellationToken)
            : IsDown ? Task.FromException<IReadOnlyList<string>>(ListingFailure)
            : Task.FromResult<IReadOnlyList<string>>([.. _listed.Keys.Order(StringComparer.Ordinal)]);
    }

    public Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
