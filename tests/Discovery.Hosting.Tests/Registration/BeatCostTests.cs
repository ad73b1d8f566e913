using System.Diagnostics.Metrics;
using Discovery.Hosting.Health;
using Discovery.Hosting.Registration;
using Discovery.Hosting.Telemetry;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>What beats cost that a registry answers at once, as etcd does for all registrations but one under a shared lease.</summary>
[Collection(Costs.Name)]
public sealed class BeatCostTests
{
    private const int Registrations = 100;
    private const int Beats = 2_000;

    // On the real clock: Polly lends out its time-outs only there.
    [Fact]
    public async Task Beat_ThatIsAnsweredAtOnce_CostsNextToNoMemory()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var options = new RegistrationOptions { Ttl = TimeSpan.FromSeconds(0.3) };
        await using var registry = new PromptRegistry();
        var metrics = new DiscoveryMetrics(meters.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        var services = new RegistrationServices(
            new HealthMonitor(new ScriptedHealth(), TimeProvider.System, NullLogger<HealthMonitor>.Instance),
            new RegistryCalls(metrics, new RegistryContacts(TimeProvider.System), TimeProvider.System),
            metrics, new DiscoveryJournal(TimeProvider.System), TimeProvider.System, new Random(20261125), NullLoggerFactory.Instance);
        var access = new RegistryAccess(registry, options.Ttl, TimeProvider.System);
        var registrations = Enumerable.Range(0, Registrations)
            .Select(i => new RunningRegistration(new InstanceTarget(LoopUnderTest.Instance($"orders-{i}"), options), [access], services))
            .ToList();
        registrations.ForEach(registration => registration.Start());
        await BeatenAsync(registry, Beats); // what is made once is made

        var (bytes, beats) = (GC.GetTotalAllocatedBytes(), registry.Beats);
        await BeatenAsync(registry, beats + Beats);
        var each = (GC.GetTotalAllocatedBytes() - bytes) / (registry.Beats - beats);

        await Task.WhenAll(registrations.Select(registration => registration.StopAsync()));
        registrations.ForEach(registration => registration.Dispose());
        Assert.True(each < 500, $"{each} bytes for each beat.");
    }

    private static Task BeatenAsync(PromptRegistry registry, long beats) => Eventually.HoldsAsync(() => registry.Beats >= beats);

    private sealed class PromptRegistry : IServiceRegistry, IServiceLease
    {
        private static readonly Task<LeaseStatus> Held = Task.FromResult(LeaseStatus.Held);
        private long _beats;

        public long Beats => Interlocked.Read(ref _beats);

        public string Description => "Prompt";

        public IReadOnlyList<Uri> Endpoints => [];

        public Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken) => Task.FromResult<IServiceLease>(this);

        public Task<LeaseStatus> KeepAliveAsync(HealthStatus health, string? note, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _beats);
            return Held;
        }

        public Task RevokeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) => Task.CompletedTask;

        public IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
