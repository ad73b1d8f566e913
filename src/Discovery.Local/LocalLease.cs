using Discovery.Local.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local;

/// <summary>A held file. Its counter moves with each keep-alive; it is written anew when the health changes, or when it is no longer as it was written.</summary>
internal sealed class LocalLease : IServiceLease
{
    private readonly LocalClient _client;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly TimeSpan _ttl;

    // A call whose caller gave up goes on in the background; the next one waits for it here.
    private readonly Lock _gate = new();
    private ServiceInstance _instance;
    private HeldFile _file;
    private byte[] _content;
    private long _counter = 1;
    private bool _revoked;
    private bool _disposed;

    /// <summary>Writes the file, in place of the one that the instance may have.</summary>
    public LocalLease(LocalClient client, ServiceInstance instance, TimeSpan ttl, TimeProvider time)
    {
        _client = client;
        _time = time;
        _name = LeaseFileName.Of(instance.ServiceName, instance.Id);
        _ttl = ttl;
        _instance = instance;
        (_file, _content) = Publish(instance);
    }

    public string Description => $"file {Path.Combine(_client.Directory, _name)}";

    public Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken) =>
        Task.Run(() => KeepAlive(health), cancellationToken).WaitAsync(cancellationToken);

    public Task RevokeAsync(CancellationToken cancellationToken) =>
        Task.Run(Revoke, cancellationToken).WaitAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_disposed && !_revoked)
            {
                _ = LetExpireAsync(_file);
            }

            _disposed = true;
        }

        return ValueTask.CompletedTask;
    }

    private LeaseStatus KeepAlive(HealthStatus health)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var status = _revoked ? LeaseStatus.Forgotten : Look();
            if (status == LeaseStatus.Held)
            {
                Beat(health);
            }

            return status;
        }
    }

    private LeaseStatus Look()
    {
        if (_client.Identify(_name) is not { } current)
        {
            return LeaseStatus.Forgotten;
        }

        if (current == _file.Identity)
        {
            return LeaseStatus.Held;
        }

        // A copy that took over and has died since has left nothing but its file.
        return _client.Read(_name, known: default).State == LeaseFileState.Held ? LeaseStatus.Superseded : LeaseStatus.Forgotten;
    }

    private void Beat(HealthStatus health)
    {
        _counter++;
        if (health == _instance.Health && _client.Holds(_name, _file, _content))
        {
            var counter = LeaseFormat.EncodeCounter(_counter);
            _client.Overwrite(_name, _file, counter, LeaseFormat.CounterOffset);
            counter.CopyTo(_content, LeaseFormat.CounterOffset);
            return;
        }

        var former = _file;
        var changed = _instance with { Health = health };
        (_file, _content) = Publish(changed);
        _instance = changed;
        former.Dispose();
    }

    private void Revoke()
    {
        lock (_gate)
        {
            if (!_revoked)
            {
                _client.DeleteHeld(_name, _file.Identity);
                _revoked = true;
                _file.Dispose();
            }
        }
    }

    private (HeldFile File, byte[] Content) Publish(ServiceInstance instance)
    {
        var content = LeaseFormat.Encode(instance, _ttl, _counter);
        return (_client.Publish(_name, content), content);
    }

    /// <summary>Holds the file, whose counter no longer moves, as long as any registry would: disposing revokes nothing.</summary>
    private async Task LetExpireAsync(HeldFile file)
    {
        await Task.Delay(_ttl, _time).ConfigureAwait(false);
        file.Dispose();
    }
}
