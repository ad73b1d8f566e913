using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>A registry that, whenever it is told something of an instance, asks that instance whether it serves.</summary>
internal sealed class ProbingRegistry : IServiceRegistry, IServiceRegistryFactory
{
    private static readonly HttpClient Http = new();

    public string Name => "Probing";

    public string Description => "Probing";

    public IReadOnlyList<Uri> Endpoints { get; init; } = [];

    public System.Collections.Concurrent.ConcurrentQueue<(string Event, string Answer, ServiceInstance Instance)> Events { get; } = new();

    public TaskCompletionSource Registered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IServiceRegistry Create() => this;

    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        await ProbeAsync("registered", instance);
        Registered.TrySetResult();
        return new Lease(this, instance);
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) => Task.CompletedTask;

    public IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;

    private async Task ProbeAsync(string what, ServiceInstance instance)
    {
        string answer;
        try
        {
            answer = ((int)(await Http.GetAsync(new Uri(instance.Endpoints[0], "/health/ready"))).StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException e)
        {
            answer = e.HttpRequestError.ToString();
        }

        Events.Enqueue((what, answer, instance));
    }

    private sealed class Lease(ProbingRegistry registry, ServiceInstance instance) : IServiceLease
    {
        public string Description => "lease";

        public Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken) => Task.FromResult(LeaseStatus.Held);

        public Task RevokeAsync(CancellationToken cancellationToken) => registry.ProbeAsync("revoked", instance);

        public ValueTask DisposeAsync() => default;
    }
}
