using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>A registry whose every reply the test writes, and whose every call it can read with its time.</summary>
internal sealed class ScriptedRegistry(TimeProvider time) : IServiceRegistry
{
    private readonly Lock _gate = new();
    private readonly List<Call> _calls = [];

    public sealed record Call(string Name, string Id, HealthStatus? Health, TimeSpan At, ServiceInstance? Instance = null);

    public string Description => "Scripted";

    public IReadOnlyList<Uri> Endpoints { get; set; } = [];

    public Func<CancellationToken, Task> OnRegister { get; set; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task<LeaseStatus>> OnKeepAlive { get; set; } = _ => Task.FromResult(LeaseStatus.Held);

    public Func<CancellationToken, Task> OnRevoke { get; set; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task> OnDeregister { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public static Task DownAsync(CancellationToken cancellationToken) => throw new RegistryException("connection refused");

    public static Task<T> DownAsync<T>(CancellationToken cancellationToken) => throw new RegistryException("connection refused");

    public static async Task HangAsync(CancellationToken cancellationToken) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    public static async Task<T> HangAsync<T>(CancellationToken cancellationToken)
    {
        await HangAsync(cancellationToken);
        throw new InvalidOperationException();
    }

    public IReadOnlyList<Call> Named(string name) => [.. Calls.Where(call => call.Name == name)];

    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        Add(new("register", instance.Id, instance.Health, time.GetUtcNow().TimeOfDay, instance));
        await OnRegister(cancellationToken);
        return new Lease(this, instance);
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        Add(new("deregister", id, null, time.GetUtcNow().TimeOfDay));
        return OnDeregister(cancellationToken);
    }

    public IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;

    private void Add(Call call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }
    }

    private sealed class Lease(ScriptedRegistry registry, ServiceInstance instance) : IServiceLease
    {
        public string Description => $"lease of {instance.Id}";

        public Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken)
        {
            registry.Add(new("beat", instance.Id, health, registry.Now));
            return registry.OnKeepAlive(cancellationToken);
        }

        public Task RevokeAsync(CancellationToken cancellationToken)
        {
            registry.Add(new("revoke", instance.Id, null, registry.Now));
            return registry.OnRevoke(cancellationToken);
        }

        public ValueTask DisposeAsync() => default;
    }

    private TimeSpan Now => time.GetUtcNow().TimeOfDay;
}
