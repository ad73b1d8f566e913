using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Discovery.Simulation.Network;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Simulation.Registries;

/// <summary>A <see cref="MemoryRegistry"/> as a process has it.</summary>
internal sealed class MemoryRegistryClient(MemoryRegistry server, Link link) : IServiceRegistry
{
    public string Description => "Memory";

    public IReadOnlyList<Uri> Endpoints => [];

    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        var lease = await AskAsync($"register {instance.Id}", call => server.Register(call, instance, ttl), cancellationToken);
        return new Lease(this, instance, lease, ttl);
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) =>
        AskAsync($"deregister {id}", _ => Remove(serviceName, id, null), cancellationToken);

    public async IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The pipe is there when the answer is; what broke it is read from it.
        var pipe = new Pipe<int, RegistryChange>(link, $"watch {serviceName}", Failure);
        try
        {
            await AskAsync($"watch {serviceName}", _ => Watch(serviceName, pipe), cancellationToken);
            while (await WaitAsync(pipe.Reader, cancellationToken))
            {
                while (pipe.Reader.TryRead(out var change))
                {
                    yield return change;
                }
            }
        }
        finally
        {
            pipe.Close();
        }
    }

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) =>
        AskAsync("list", _ => server.Services(), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static RegistryException Failure(string reason) => new(reason);

    private static ValueTask<bool> WaitAsync(ChannelReader<RegistryChange> reader, CancellationToken cancellationToken) =>
        reader.WaitToReadAsync(cancellationToken);

    private Task<T> AskAsync<T>(string what, Func<Call, T> serve, CancellationToken cancellationToken) =>
        link.CallAsync<T>(what, (call, reply) => reply(serve(call)), Failure, cancellationToken);

    private bool Remove(string serviceName, string id, object? lease)
    {
        server.Remove(serviceName, id, lease);
        return true;
    }

    private bool Watch(string serviceName, Pipe<int, RegistryChange> pipe)
    {
        server.Watch(serviceName, pipe);
        return true;
    }

    private sealed class Lease(MemoryRegistryClient registry, ServiceInstance instance, object lease, TimeSpan ttl) : IServiceLease
    {
        public string Description => instance.Id;

        public Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken) =>
            registry.AskAsync($"keep {instance.Id}", _ => registry.KeepAlive(lease, ttl, health), cancellationToken);

        public Task RevokeAsync(CancellationToken cancellationToken) =>
            registry.AskAsync($"revoke {instance.Id}", _ => registry.Remove(instance.ServiceName, instance.Id, lease), cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private LeaseStatus KeepAlive(object lease, TimeSpan ttl, HealthStatus health) => server.KeepAlive(lease, ttl, health);
}
