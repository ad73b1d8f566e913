using System.Globalization;
using Discovery.Hosting.Lookup;
using Discovery.Hosting.Registration;
using Discovery.Simulation.Network;
using Discovery.Simulation.Scheduling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Simulation.Apps;

/// <summary>
/// One process with an app in it, from its start to its end: the library as an app has it, from its front door on, but for the clock,
/// the network, the health checks and where randomness comes from.
/// </summary>
internal sealed class SimulatedProcess : IServiceRegistryFactory, IDisposable
{
    private readonly World _world;
    private readonly SimulatedLifetime _lifetime = new();
    private readonly ConfigurationRoot _configuration;
    private readonly TraceLogger _logger;
    private readonly ServiceProvider _services;
    private TimeSpan _suspendedAt = TimeSpan.MinValue;
    private Task _disposing = Task.CompletedTask;

    public SimulatedProcess(World world, string name, string host, AppSettings settings)
    {
        _world = world;
        Name = name;
        Host = host;
        Settings = settings;
        Clock = new ProcessClock(world.Clock);
        Link = new Link(this, world.Clock, new Random(world.Random.Next()), world.Trace);
        Health = new SimulatedHealth(Clock);
        _logger = new TraceLogger(name, world.Trace);
        _configuration = new ConfigurationRoot(
            [new MemoryConfigurationProvider(new MemoryConfigurationSource { InitialData = settings.ToConfiguration(host) })]);
        Times = new Times(this, world.Registry.Hanging);
        _services = Build();
        Watches = _services.GetRequiredService<WatchTable>();
        Discovery = _services.GetRequiredService<IServiceDiscovery>();
    }

    public string Name { get; }

    public string Host { get; }

    public AppSettings Settings { get; }

    public ProcessClock Clock { get; }

    public Link Link { get; }

    public SimulatedHealth Health { get; }

    public ProcessState State { get; private set; } = ProcessState.Running;

    /// <summary>When something last happened that the process needs time to come over.</summary>
    public TimeSpan DisturbedAt { get; private set; }

    public TimeSpan StopBeganAt { get; private set; }

    public TimeSpan StoppedAt { get; private set; }

    /// <summary>Whether all that the process said while it stopped has arrived.</summary>
    public bool StoppedInPeace { get; private set; }

    public bool IsAlive => State is ProcessState.Running or ProcessState.Stopping;

    /// <summary>Whether its server answers: it does until it has stopped.</summary>
    public bool IsReachable => IsAlive && !Clock.IsSuspended;

    /// <summary>Whether nothing ails it now.</summary>
    public bool IsUndisturbed => State == ProcessState.Running && Link.IsFair && !Clock.IsSuspended && _world.Registry.IsUp;

    /// <summary>How long nothing has ailed it; negative while something does.</summary>
    public TimeSpan UndisturbedFor => IsUndisturbed ? _world.Clock.Now - DisturbedAt : TimeSpan.MinValue;

    public Times Times { get; }

    /// <summary>What the beat should say.</summary>
    public HealthStatus EffectiveHealth => Health.Takes >= Times.Beat ? HealthStatus.Unhealthy : Health.Status;

    public int Weight { get; private set; } = 100;

    /// <summary>Since when it says what it says of itself.</summary>
    public TimeSpan SaysSince { get; private set; }

    public TimeSpan? UnhealthySince { get; private set; }

    public string? CriticalLog => _logger.Critical;

    /// <summary>Whether it was ended; what it holds may still be on its way out.</summary>
    public bool HasEnded => State is ProcessState.Crashed or ProcessState.Disposed;

    public bool IsDisposed => HasEnded && _disposing.IsCompleted;

    public WatchTable Watches { get; }

    public IServiceDiscovery Discovery { get; }

    public IReadOnlyList<RegistrationStatus> Registrations => _services.GetRequiredService<ServiceRegistrar>().Status;

    string IServiceRegistryFactory.Name => "Simulated";

    public IServiceRegistry Create() => _world.Registry.Connect(this);

    public void Disturb() => DisturbedAt = _world.Clock.Now;

    /// <summary>Notes what the process sends; once it has stopped it must have nothing more to say of itself.</summary>
    public void Sends(string what) => _world.OnSent(this, what);

    public async Task StartAsync()
    {
        Disturb();
        _world.Network.Listen(this);
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await (service is IHostedLifecycleService early ? early.StartingAsync(CancellationToken.None) : Task.CompletedTask);
        }

        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        foreach (var service in _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartedAsync(CancellationToken.None);
        }
    }

    public async Task StopAsync()
    {
        State = ProcessState.Stopping;
        StopBeganAt = _world.Clock.Now;
        var (lost, disturbed) = (Link.Lost, DisturbedAt);
        var wasFair = Link.IsFair && _world.Registry.IsUp && !Clock.IsSuspended;
        _lifetime.StopApplication();
        foreach (var service in _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StoppingAsync(CancellationToken.None);
        }

        if (State == ProcessState.Stopping)
        {
            StoppedAt = _world.Clock.Now;
            StoppedInPeace = wasFair && Link.IsFair && lost == Link.Lost && disturbed == DisturbedAt;
            State = ProcessState.Stopped;
            _world.Network.Close(this);
            _world.Trace.Add(Name, "has stopped");
        }
    }

    /// <summary>Ends it without a word.</summary>
    public void Crash()
    {
        State = ProcessState.Crashed;
        StoppedAt = _world.Clock.Now;
        Link.IsDead = true;
        _world.Network.Close(this);
        Dispose();
    }

    /// <summary>Lets go of all it holds, as the host's end does.</summary>
    public void Dispose()
    {
        State = State == ProcessState.Crashed ? State : ProcessState.Disposed;
        if (Clock.IsSuspended)
        {
            Resume();
        }

        _disposing = _services.DisposeAsync().AsTask();
        _lifetime.Dispose();
        _configuration.Dispose();
        _logger.Dispose();
    }

    /// <summary>Says another weight from now on, in its configuration.</summary>
    public void Reweigh(int weight)
    {
        Weight = weight;
        SaysSince = _world.Clock.Now;
        for (var i = 0; i <= Settings.Further; i++)
        {
            _configuration[$"{AppSettings.Section(i)}:Weight"] = weight.ToString(CultureInfo.InvariantCulture);
        }

        _configuration.Reload();
    }

    /// <summary>Its checks say this from now on, and take so long.</summary>
    public void Feel(HealthStatus health, TimeSpan takes)
    {
        (Health.Status, Health.Takes) = (health, takes);
        SaysSince = _world.Clock.Now;
        UnhealthySince = EffectiveHealth == HealthStatus.Unhealthy ? UnhealthySince ?? _world.Clock.Now : null;
    }

    public void Suspend()
    {
        _suspendedAt = TimeSpan.MaxValue;
        Clock.Suspend();
    }

    public void Resume()
    {
        _suspendedAt = _world.Clock.Now;
        Clock.Resume();
    }

    public bool WasSuspendedSince(TimeSpan time) => _suspendedAt >= time;

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(_configuration);
        services.AddSingleton<IHostEnvironment>(new SimulatedEnvironment());
        services.AddSingleton<IHostApplicationLifetime>(_lifetime);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IEndpointProbe>(new SimulatedProbe(_world.Network, Clock));
        services.AddLogging(logging => logging.AddProvider(_logger));
        services.AddServiceRegistration();
        for (var i = 1; i <= Settings.Further; i++)
        {
            services.AddServiceRegistration(i.ToString(CultureInfo.InvariantCulture));
        }

        services.RemoveAll<HealthCheckService>();
        services.AddSingleton<HealthCheckService>(Health);
        services.AddSingleton<IServiceRegistryFactory>(this);
        return services.BuildServiceProvider();
    }
}
