using System.Runtime.CompilerServices;
using Discovery.Local.Files;
using Discovery.Local.Leases;
using Discovery.Local.Watching;
using Microsoft.Extensions.Logging;

namespace Discovery.Local;

/// <summary>A folder of leases on this machine. Every process of this user that names the same folder sees the same services.</summary>
internal sealed class LocalServiceRegistry : IServiceRegistry
{
    private static long s_lastIncarnation;

    private readonly LocalClient _client;
    private readonly LeaseScanner _scanner;
    private readonly TimeProvider _time;

    public LocalServiceRegistry(LocalOptions options, TimeProvider time, ILogger<LocalServiceRegistry> logger)
        : this(options, time, logger, FileSystemFolderNotifier.Start)
    {
    }

    /// <summary>Creates the registry with another way to be notified of changes.</summary>
    internal LocalServiceRegistry(
        LocalOptions options, TimeProvider time, ILogger<LocalServiceRegistry> logger, FolderNotifierStarter startNotifier)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Directory);
        _client = new(options.Directory, LockableFiles.OfThisSystem);
        _time = time;
        _scanner = new(_client, time, logger, startNotifier);
    }

    public string Description => $"Local {_client.Directory}";

    public IReadOnlyList<Uri> Endpoints => [];

    public Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        var named = Validate(instance, ttl) with { Incarnation = NextIncarnation() };
        return Task.Run<IServiceLease>(
            () =>
            {
                _client.EnsureFolder();
                return new LocalLease(_client, named, ttl, _time);
            },
            CancellationToken.None).WaitAsync(cancellationToken);
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        var name = LeaseFileName.Of(ServiceName.Normalize(serviceName), id);
        return Task.Run(() => _client.Delete(name), CancellationToken.None).WaitAsync(cancellationToken);
    }

    public async IAsyncEnumerable<RegistryChange> WatchAsync(
        string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = _scanner.Watch(ServiceName.Normalize(serviceName));
        await foreach (var change in watch.ReadChangesAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return change;
        }
    }

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) =>
        Task.Run(_scanner.ListServices, CancellationToken.None).WaitAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _scanner.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ServiceInstance Validate(ServiceInstance instance, TimeSpan ttl)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ttl, LeaseFormat.MaxTtl);
        if (!ServiceName.IsInstanceId(instance.Id))
        {
            throw new ArgumentException($"'{instance.Id}' is not an instance ID; allowed are {ServiceName.AllowedId}.", nameof(instance));
        }

        if (instance.Endpoints.Count == 0)
        {
            throw new ArgumentException($"'{instance.Id}' has no endpoint.", nameof(instance));
        }

        return instance with { ServiceName = ServiceName.Normalize(instance.ServiceName) };
    }

    /// <summary>The time, made unique: what is registered anew is another, even within one tick of the clock or after it was set back.</summary>
    private long NextIncarnation()
    {
        while (true)
        {
            var last = Interlocked.Read(ref s_lastIncarnation);
            var next = Math.Max(_time.GetUtcNow().UtcTicks, last + 1);
            if (Interlocked.CompareExchange(ref s_lastIncarnation, next, last) == last)
            {
                return next;
            }
        }
    }
}
