using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Discovery.Testing;

namespace Discovery.Consul.Tests;

/// <summary>Follows a watch in the background and keeps the set that its changes add up to.</summary>
internal sealed class WatchReader : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<RegistryChange> _changes = Channel.CreateUnbounded<RegistryChange>();
    private readonly Dictionary<string, ServiceInstance> _set = [];
    private readonly Lock _gate = new();
    private readonly Task _reading;

    public WatchReader(IServiceRegistry registry, string service) => _reading = ReadAsync(registry, service);

    /// <summary>Ends when the watch does, and throws what it threw.</summary>
    public Task Completion => _reading;

    public List<RegistryChange> Seen { get; } = [];

    public IReadOnlyList<ServiceInstance> Set
    {
        get
        {
            lock (_gate)
            {
                return [.. _set.Values];
            }
        }
    }

    public async Task<RegistryChange> NextAsync() =>
        await _changes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Waits until the set is as expected.</summary>
    public Task<IReadOnlyList<ServiceInstance>> UntilAsync(
        Func<IReadOnlyList<ServiceInstance>, bool> expected, [CallerArgumentExpression(nameof(expected))] string expression = "") =>
        Eventually.IsAsync(() => Set, expected, cancellationToken: TestContext.Current.CancellationToken, expression: expression);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task ReadAsync(IServiceRegistry registry, string service)
    {
        try
        {
            await foreach (var change in registry.WatchAsync(service, _stop.Token))
            {
                Apply(change);
                _changes.Writer.TryWrite(change);
            }
        }
        catch (Exception e)
        {
            _changes.Writer.TryComplete(e);
            throw;
        }
    }

    private void Apply(RegistryChange change)
    {
        lock (_gate)
        {
            Seen.Add(change);
            if (change.IsComplete)
            {
                _set.Clear();
            }

            foreach (var instance in change.Upserts)
            {
                _set[instance.Id] = instance;
            }

            foreach (var id in change.RemovedIds)
            {
                _set.Remove(id);
            }
        }
    }
}
