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

    public long SkippedEntries => _scanner.SkippedCount;

    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        var registration = Task.Run(() => Register(instance, ttl), cancellationToken);
        try
        {
            return await registration.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Its outcome is unknown to the caller, so nobody keeps it alive, and it must expire.
            _ = registration.ContinueWith(
                static lease => lease.Result.DisposeAsync().AsTask(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        var name = LeaseFileName.Of(ServiceName.Checked(serviceName), ServiceName.CheckedId(id));
        return Task.Run(() => _client.Delete(name), cancellationToken).WaitAsync(cancellationToken);
    }

    public async IAsyncEnumerable<RegistryChange> WatchAsync(
        string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var watch = _scanner.Watch(ServiceName.Checked(serviceName));
        await foreach (var change in watch.ReadChangesAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return change;
        }
    }

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) =>
        Task.Run(_scanner.ListServices, cancellationToken).WaitAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _scanner.Dispose();
        return ValueTask.CompletedTask;
    }

    private LocalLease Register(ServiceInstance instance, TimeSpan ttl)
    {
        var valid = LeaseFormat.Validate(instance, ttl);
        _client.EnsureFolder();
        return new LocalLease(_client, valid with { Incarnation = NextIncarnation() }, ttl, _time);
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
