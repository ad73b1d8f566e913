using Discovery.Hosting.Telemetry;
using Discovery.Hosting.Tests.Telemetry;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>What stands in the registry after a host that was disposed of without having been stopped.</summary>
public sealed class HostEndTests : IAsyncDisposable
{
    private readonly InMemoryServiceRegistry _registry = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Run_WhereAnotherServiceThrowsAfterOursHasRegistered_LeavesNothingInTheRegistry()
    {
        var builder = ShopApp.CreateBuilder(_registry);
        builder.Services.AddSingleton<IHostedService>(new FailsOnceRegistered(this));
        var app = builder.Build();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => app.RunAsync(Cancellation));

        Assert.Single(_registry.Journal.Of(RegistryOperations.Register));
        Assert.Empty(_registry.Store.GetInstances("shop"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_OfAHostThatWasNotStopped_LeavesNothingInTheRegistry(bool isAsync)
    {
        var app = ShopApp.CreateBuilder(_registry).Build();
        await app.StartAsync(Cancellation);
        await RegisteredAsync();

        if (isAsync)
        {
            await app.DisposeAsync();
        }
        else
        {
            ((IDisposable)app).Dispose();
        }

        Assert.Empty(_registry.Store.GetInstances("shop"));
    }

    [Fact]
    public async Task Dispose_WhileARegistrationIsTakenBack_LetsMetricsBeCollected()
    {
        var registry = new ScriptedRegistry(TimeProvider.System);
        var builder = ShopApp.CreateBuilder(_registry);
        builder.Configuration["Discovery:Provider"] = "Scripted";
        builder.Services.AddSingleton<IServiceRegistryFactory>(new ScriptedFactory(registry));
        var app = builder.Build();
        using var readings = new MeterReadings(app.Services.GetRequiredService<DiscoveryMetrics>());
        var collected = false;
        registry.OnRevoke = _ =>
        {
            readings.Collect("discovery.registrations");
            readings.Collect("discovery.draining");
            collected = true;
            return Task.CompletedTask;
        };
        await app.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => registry.Named("register").Count == 1, cancellationToken: Cancellation);

        await app.DisposeAsync();

        Assert.True(collected);
    }

    private Task RegisteredAsync() =>
        Eventually.HoldsAsync(() => _registry.Store.GetInstances("shop").Count == 1, cancellationToken: Cancellation);

    private sealed class ScriptedFactory(ScriptedRegistry registry) : IServiceRegistryFactory
    {
        public string Name => "Scripted";

        public IServiceRegistry Create() => registry;
    }

    private sealed class FailsOnceRegistered(HostEndTests test) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            await test.RegisteredAsync();
            throw new InvalidTimeZoneException();
        }

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
