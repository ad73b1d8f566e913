using System.Diagnostics.Metrics;
using Discovery.Hosting.Health;
using Discovery.Hosting.Registration;
using Discovery.Hosting.Telemetry;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>A registration on a fake clock, which starts at midnight and moves only when the test says so.</summary>
internal sealed class LoopUnderTest : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<RunningRegistration> _registrations = [];
    private readonly List<Task> _stops = [];
    private readonly RegistrationOptions _options;
    private readonly RegistryAccess _access;
    private readonly RegistrationServices _services;

    public LoopUnderTest(TimeSpan? ttl = null)
    {
        _options = new RegistrationOptions { Ttl = ttl ?? TimeSpan.FromSeconds(15) };
        Registry = new ScriptedRegistry(Time);
        _access = new RegistryAccess(Registry, _options.Ttl, Time);
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(Logs));
        var metrics = new DiscoveryMetrics(_meters.GetRequiredService<IMeterFactory>(), Time);
        _services = new RegistrationServices(
            new HealthMonitor(Health, Time, loggers.CreateLogger<HealthMonitor>()),
            new RegistryCalls(metrics, new RegistryContacts(Time), Time),
            metrics,
            new DiscoveryJournal(Time),
            Time,
            new Random(20261122),
            loggers);
    }

    public CountingTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public ScriptedRegistry Registry { get; }

    public ScriptedHealth Health { get; } = new();

    public FakeLoggerProvider Logs { get; } = new();

    public TimeSpan Now => Time.GetUtcNow().TimeOfDay;

    public static ServiceInstance Instance(string id = "orders-1") => new()
    {
        ServiceName = "orders",
        Id = id,
        Endpoints = [new Uri("http://10.0.0.1:8080")],
    };

    /// <summary>Starts a registration, and returns when it has asked the registry for the first time.</summary>
    public async Task<RunningRegistration> StartAsync(ServiceInstance? instance = null)
    {
        var registration = Start(new InstanceTarget(instance ?? Instance(), _options));
        await QuietAsync();
        return registration;
    }

    /// <summary>Starts a registration.</summary>
    public RunningRegistration Start(RegistrationTarget target)
    {
        var registration = new RunningRegistration(target, [_access], _services);
        registration.Start();
        _registrations.Add(registration);
        return registration;
    }

    public Task StopAsync(RunningRegistration registration)
    {
        var stop = registration.StopAsync();
        if (!_stops.Contains(stop))
        {
            _stops.Add(stop);
        }

        return stop;
    }

    public IEnumerable<string> Events(LogLevel atLeast = LogLevel.Information) =>
        Logs.Collector.GetSnapshot().Where(record => record.Level >= atLeast).Select(record => record.Id.Name!);

    /// <summary>Moves the clock, in small steps, until the condition holds.</summary>
    /// <returns>The time at which it did.</returns>
    public async Task<TimeSpan> MoveUntilAsync(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        await QuietAsync();
        while (!condition())
        {
            Assert.True(Now < end, $"Not within {limit}. Calls: {string.Join(", ", Registry.Calls.Select(call => $"{call.Name} {call.At}"))}");
            Time.Advance(Step);
            await QuietAsync();
        }

        return Now;
    }

    /// <summary>Moves the clock, in small steps.</summary>
    public async Task MoveAsync(TimeSpan by)
    {
        var end = Now + by;
        await MoveUntilAsync(() => Now >= end, by + Step);
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _meters.Dispose();
    }

    // Each loop, and each stop that is under way, waits for at least one timer once it has come to rest.
    private Task QuietAsync() => Eventually.HoldsAsync(
        () => Time.ActiveTimers >= _registrations.Count - _stops.Count + _stops.Count(stop => !stop.IsCompleted));
}
