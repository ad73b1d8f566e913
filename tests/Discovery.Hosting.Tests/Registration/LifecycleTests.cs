using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>A real host and a real Kestrel, with a registry that asks back whether the app serves.</summary>
public sealed class LifecycleTests : IAsyncDisposable
{
    private readonly ProbingRegistry _registry = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Host_FromStartToStop_IsRegisteredExactlyWhileItServes()
    {
        await using var app = Build(_registry);
        await app.StartAsync(Cancellation);
        await _registry.Registered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await app.StopAsync(Cancellation);

        // At registering it answers and is ready but for the registration itself (Degraded is 200); at revoking it still answers, and is not ready.
        Assert.Equal([("registered", "200"), ("revoked", "503")], _registry.Events.Select(e => (e.Event, e.Answer)));
    }

    [Fact]
    public async Task Host_StoppedTwice_RevokesOnce()
    {
        await using var app = Build(_registry);
        await app.StartAsync(Cancellation);
        await _registry.Registered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.StopApplication();
        await Task.WhenAll(app.StopAsync(Cancellation), app.StopAsync(Cancellation));

        Assert.Single(_registry.Events, e => e.Event == "revoked");
    }

    [Fact]
    public async Task AddServiceRegistration_CalledTwice_IsOneRegistration()
    {
        await using var app = Build(_registry, services => services.AddServiceRegistration().AddServiceRegistration());
        await app.StartAsync(Cancellation);
        await _registry.Registered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Single(app.Services.GetRequiredService<IDiscoveryDiagnostics>().GetRegistrations());
        await app.StopAsync(Cancellation);
        Assert.Single(_registry.Events, e => e.Event == "registered");
    }

    [Fact]
    public async Task AddServiceRegistration_WithAName_AddsASecondWithASectionOfItsOwn()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Discovery:Registration:ServiceName"] = "Shop",
            ["Discovery:Registrations:admin:Tags:0"] = "internal",
        };
        await using var app = Build(_registry, services => services.AddServiceRegistration("admin"), settings);
        await app.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => _registry.Events.Count == 2, cancellationToken: Cancellation);
        await app.StopAsync(Cancellation);

        var registered = _registry.Events.Where(e => e.Event == "registered").Select(e => e.Instance).OrderBy(instance => instance.ServiceName).ToList();
        Assert.Equal(["shop", "testapp-admin"], registered.Select(instance => instance.ServiceName).Order());
        Assert.Equal(["internal"], registered.Single(instance => instance.ServiceName == "testapp-admin").Tags);
        Assert.Equal(2, _registry.Events.Count(e => e.Event == "revoked"));
    }

    [Theory]
    [InlineData("InstanceId", "the-one", "'the-one'")]
    [InlineData("Port", "7001", "''")]
    public async Task AddServiceRegistration_WithAnIdThatAnotherHasInTheSameService_StopsTheStart(string key, string value, string shown)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Discovery:Registration:ServiceName"] = "shop",
            [$"Discovery:Registration:{key}"] = value,
            ["Discovery:Registrations:admin:ServiceName"] = "Shop",
            [$"Discovery:Registrations:admin:{key}"] = value,
        };
        await using var app = Build(_registry, services => services.AddServiceRegistration("admin"), settings);

        var refused = await Assert.ThrowsAsync<DiscoveryStartupException>(() => app.StartAsync(Cancellation));

        Assert.StartsWith($"Discovery:Registrations:admin:InstanceId is {shown}; allowed is an ID of its own", refused.Message, StringComparison.Ordinal);
        Assert.Contains("where Discovery:Registration has the same", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_registry.Events);
    }

    [Fact]
    public async Task AddServiceRegistration_WithAnIdThatAnotherHasInAnotherService_RegistersBoth()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Discovery:Registration:InstanceId"] = "the-one",
            ["Discovery:Registrations:admin:InstanceId"] = "the-one",
        };
        await using var app = Build(_registry, services => services.AddServiceRegistration("admin"), settings);
        await app.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => _registry.Events.Count == 2, cancellationToken: Cancellation);
        Assert.All(_registry.Events, e => Assert.Equal(("registered", "the-one"), (e.Event, e.Instance.Id)));
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Registrar_WithTheIdOfTheAppItself_Throws()
    {
        await using var app = Build(_registry);
        await app.StartAsync(Cancellation);
        await _registry.Registered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        var own = _registry.Events.Single().Instance;

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => app.Services.GetRequiredService<IServiceRegistrar>().RegisterAsync(own, Cancellation));

        Assert.Contains("an ID of its own", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registrar_AtRunTime_RegistersAndDeregistersFurtherInstances()
    {
        await using var app = Build(_registry);
        await app.StartAsync(Cancellation);
        var registrar = app.Services.GetRequiredService<IServiceRegistrar>();
        var sidecar = new ServiceInstance { ServiceName = "Sidecar", Id = "s-1", Endpoints = [new Uri(app.Urls.First())] };
        await registrar.RegisterAsync(sidecar, Cancellation);
        Assert.Contains(_registry.Events, e => e is { Event: "registered", Instance: { ServiceName: "sidecar", Id: "s-1" } });

        await registrar.DeregisterAsync("sidecar", "s-1", Cancellation);
        await registrar.DeregisterAsync("sidecar", "s-1", Cancellation);
        Assert.Single(_registry.Events, e => e is { Event: "revoked", Instance.ServiceName: "sidecar" });
        await app.StopAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => registrar.RegisterAsync(sidecar, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Registrar_WaitingForARegistryThatIsDown_IsCancelledWhenTheInstanceIsNoLongerWanted(bool byTheAppsStop)
    {
        var registry = new ScriptedRegistry(TimeProvider.System) { OnRegister = ScriptedRegistry.DownAsync, OnDeregister = ScriptedRegistry.DownAsync };
        await using var app = Build(new ScriptedRegistryFactory(registry), settings: new() { ["Discovery:Provider"] = "Scripted" });
        await app.StartAsync(Cancellation);
        var registrar = app.Services.GetRequiredService<IServiceRegistrar>();
        var waiting = registrar.RegisterAsync(new() { ServiceName = "sidecar", Id = "s-1", Endpoints = [new("http://127.0.0.1:1")] }, Cancellation);
        Assert.False(waiting.IsCompleted);

        await (byTheAppsStop ? app.StopAsync(Cancellation) : registrar.DeregisterAsync("sidecar", "s-1", Cancellation));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
    }

    [Fact]
    public async Task Registrar_BeforeTheStart_DoesNotWaitAndRegistersOnceTheAppServes()
    {
        await using var app = Build(_registry);
        var early = new ServiceInstance { ServiceName = "early", Id = "e-1", Endpoints = [new Uri("http://127.0.0.1:1")] };
        await app.Services.GetRequiredService<IServiceRegistrar>().RegisterAsync(early, Cancellation);
        Assert.Empty(_registry.Events);
        await app.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => _registry.Events.Any(e => e.Instance.Id == "e-1"), cancellationToken: Cancellation);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Registrar_AfterAReloadIntoWhatIsNotAllowed_GoesByTheSettingsFromBefore()
    {
        await using var app = Build(_registry);
        await app.StartAsync(Cancellation);
        app.Configuration["Discovery:Registration:Weight"] = "5000";
        ((IConfigurationRoot)app.Configuration).Reload(); // whoever reloads is no place for our message to end up in

        var sidecar = new ServiceInstance { ServiceName = "sidecar", Id = "s-1", Endpoints = [new Uri(app.Urls.First())] };
        await app.Services.GetRequiredService<IServiceRegistrar>().RegisterAsync(sidecar, Cancellation);

        Assert.Contains(_registry.Events, e => e is { Event: "registered", Instance.Id: "s-1" });
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Start_OfANamedRegistrationAlone_WhereTheAppsOwnSettingsAreNotAllowed_StopsWithTheMessageAlone()
    {
        await using var app = Build(_registry, settings: new() { ["Discovery:Registration:Ttl"] = "00:00:01" }, name: "admin");
        var refused = await Assert.ThrowsAsync<DiscoveryStartupException>(() => app.StartAsync(Cancellation)); // further instances go by them
        Assert.StartsWith("Discovery:Registration:Ttl is '00:00:01'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "x", "http://127.0.0.1:1")]
    [InlineData("a b", "x", "http://127.0.0.1:1")]
    [InlineData("a", "x/y", "http://127.0.0.1:1")]
    [InlineData("a", "x", "http://127.0.0.1:1/path")]
    [InlineData("a", "x", "http://0.0.0.0:1")]
    public async Task Registrar_OfWhatCannotStandInARegistry_Throws(string service, string id, string endpoint)
    {
        await using var app = Build(_registry);
        var wrong = new ServiceInstance { ServiceName = service, Id = id, Endpoints = [new Uri(endpoint)] };
        await Assert.ThrowsAsync<ArgumentException>(() => app.Services.GetRequiredService<IServiceRegistrar>().RegisterAsync(wrong, Cancellation));
    }

    [Fact]
    public async Task Registrar_OfMoreThanReadersBelieve_Throws()
    {
        await using var app = Build(_registry);
        var wrong = new ServiceInstance
        {
            ServiceName = "a",
            Id = "x",
            Endpoints = [new Uri("http://127.0.0.1:1")],
            Tags = [.. Enumerable.Repeat("t", InstanceLimits.MaxTags + 1)],
        };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => app.Services.GetRequiredService<IServiceRegistrar>().RegisterAsync(wrong, Cancellation));

        Assert.Contains("257 tags", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)] // against the annotations, which not everybody compiles with
    [InlineData("a\u0007")]
    public async Task Registrar_OfMetadataThatIsNoText_Throws(string? value)
    {
        await using var app = Build(_registry);
        var wrong = new ServiceInstance
        {
            ServiceName = "a",
            Id = "x",
            Endpoints = [new Uri("http://127.0.0.1:1")],
            Metadata = new Dictionary<string, string> { ["team"] = value! },
        };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => app.Services.GetRequiredService<IServiceRegistrar>().RegisterAsync(wrong, Cancellation));

        Assert.Contains("metadata of 'x'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_WithoutAServer_RegistersItsConfiguredAddress()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Mail.Worker", EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(Settings(new()
        {
            ["Discovery:Registration:Address"] = "10.7.7.7",
            ["Discovery:Registration:Port"] = "9000",
            ["Discovery:Provider"] = "Scripted",
        }));
        builder.Services.AddSingleton<IServiceRegistryFactory>(new ScriptedRegistryFactory(new ScriptedRegistry(TimeProvider.System)));
        builder.Services.AddServiceRegistration();
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        var diagnostics = host.Services.GetRequiredService<IDiscoveryDiagnostics>();
        await Eventually.HoldsAsync(() => diagnostics.GetRegistrations()[0].State == RegistrationState.Registered, cancellationToken: Cancellation);
        var status = diagnostics.GetRegistrations()[0];
        Assert.Equal(("mail-worker", $"mail-worker-{Environment.MachineName.ToLowerInvariant()}-9000"), (status.ServiceName, status.InstanceId));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task TestServer_WithoutAddresses_RunsAndSaysWhatToSet()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(Settings([]));
        builder.Services.AddSingleton<IServiceRegistryFactory>(_registry);
        builder.Services.AddServiceRegistration();
        await using var app = builder.Build();
        app.Run(context => context.Response.Body.WriteAsync("ok"u8.ToArray(), context.RequestAborted).AsTask());
        await app.StartAsync(Cancellation);
        Assert.Equal("ok", await app.GetTestClient().GetStringAsync(new Uri("/", UriKind.Relative), Cancellation));
        var diagnostics = app.Services.GetRequiredService<IDiscoveryDiagnostics>();
        await Eventually.HoldsAsync(() => diagnostics.GetRegistrations()[0].State == RegistrationState.Refused, cancellationToken: Cancellation);
        Assert.Contains("Discovery:Registration:Endpoints", diagnostics.GetRegistrations()[0].LastError, StringComparison.Ordinal);
        await app.StopAsync(Cancellation);
        Assert.Empty(_registry.Events);
    }

    [Fact]
    public async Task FailFast_WhenTheRegistryCannotTakeIt_StopsTheStart()
    {
        var registry = new ScriptedRegistryFactory(new ScriptedRegistry(TimeProvider.System) { OnRegister = ScriptedRegistry.DownAsync });
        await using var app = Build(registry, settings: new() { ["Discovery:Registration:FailFast"] = "true", ["Discovery:Provider"] = "Scripted" });
        var failure = await Assert.ThrowsAsync<DiscoveryStartupException>(() => app.StartAsync(Cancellation));
        Assert.Contains("connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_StoppedBeforeItsFirstRegistrationIsAnswered_TakesItBackAndDrains()
    {
        var registry = new ScriptedRegistry(TimeProvider.System) { OnRegister = ScriptedRegistry.HangAsync };
        var log = new ListLoggerProvider();
        await using var app = Build(
            new ScriptedRegistryFactory(registry), services => services.AddLogging(logging => logging.AddProvider(log)), new() { ["Discovery:Provider"] = "Scripted" });
        await app.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => registry.Named("register").Count == 1, cancellationToken: Cancellation);

        await app.StopAsync(Cancellation);

        Assert.Single(registry.Named("deregister"));
        Assert.Single(log.Of(120));
    }

    [Fact]
    public async Task Host_ThatWasNeverRegistered_DoesNotDrain()
    {
        var registry = new ScriptedRegistry(TimeProvider.System) { OnRegister = ScriptedRegistry.DownAsync, OnDeregister = ScriptedRegistry.DownAsync };
        var log = new ListLoggerProvider();
        await using var app = Build(
            new ScriptedRegistryFactory(registry), services => services.AddLogging(logging => logging.AddProvider(log)), new() { ["Discovery:Provider"] = "Scripted" });
        await app.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => registry.Named("register").Count > 0, cancellationToken: Cancellation);

        await app.StopAsync(Cancellation);

        Assert.NotEmpty(log.Entries);
        Assert.Empty(log.Of(120));
    }

    [Fact]
    public async Task Beat_OfTheApp_LeavesOutTheLibrarysOwnChecks()
    {
        await using var app = Build(_registry);
        await app.StartAsync(Cancellation);
        await _registry.Registered.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        // While it was being registered, our own readiness check said Degraded.
        Assert.Equal(HealthStatus.Healthy, _registry.Events.First().Instance.Health);
        await app.StopAsync(Cancellation);
    }

    private static Dictionary<string, string?> Settings(Dictionary<string, string?> settings)
    {
        settings.TryAdd("Discovery:Provider", "Probing");
        settings.TryAdd("Discovery:Registration:DrainDelay", "00:00:00.1");
        settings.TryAdd("Discovery:Client:CacheDirectory", "");
        return settings;
    }

    private static WebApplication Build(
        IServiceRegistryFactory registry, Action<IServiceCollection>? configure = null, Dictionary<string, string?>? settings = null, string name = "")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "TestApp", EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Settings(settings ?? []));
        builder.Services.AddSingleton(registry);
        builder.Services.AddRoutingCore();
        builder.Services.AddServiceRegistration(name);
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapServiceHealth();
        return app;
    }

    private sealed class ScriptedRegistryFactory(ScriptedRegistry registry) : IServiceRegistryFactory
    {
        public string Name => "Scripted";

        public IServiceRegistry Create() => registry;
    }
}
