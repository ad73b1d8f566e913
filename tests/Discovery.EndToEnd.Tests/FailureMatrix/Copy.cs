using System.Diagnostics.Metrics;
using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>A copy of the service within this process: a real server, registered as any app is.</summary>
public sealed class Copy : IAsyncDisposable
{
    private const int KeptEntries = 20;

    private readonly WebApplication _app;
    private readonly MeterListener _listener = new();
    private readonly ListLoggerProvider _log;
    private long _registryCalls;

    private Copy(WebApplication app, ListLoggerProvider log)
    {
        _app = app;
        _log = log;
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "discovery.registry.call.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _registryCalls));
        _listener.Start();
    }

    /// <summary>What it is registered as, once it is; the same in each of its registries.</summary>
    public string? Id => _app.Services.GetRequiredService<IDiscoveryDiagnostics>().GetRegistrations()
        .Where(status => status is { ServiceName: Stage.Service, State: RegistrationState.Registered }).Select(status => status.InstanceId).Distinct().SingleOrDefault();

    public IServiceRegistrar Registrar => _app.Services.GetRequiredService<IServiceRegistrar>();

    public Uri Address => new(_app.Urls.Single());

    /// <summary>How often its registrations have asked the registry so far.</summary>
    public long RegistryCalls => Interlocked.Read(ref _registryCalls);

    /// <summary>The last warnings and errors, for messages.</summary>
    public string Log => string.Join(Environment.NewLine, _log.Entries.Select(entry => entry.Message));

    /// <summary>The configuration that environment variables would give.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> SettingsOf(IReadOnlyDictionary<string, string?> environment) =>
        [.. environment.Select(variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), variable.Value))];

    public static async Task<Copy> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var log = new ListLoggerProvider(KeptEntries);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time).AddServiceRegistration();
        var app = builder.Build();
        app.MapGet("/whoami", () => "a copy");
        var copy = new Copy(app, log);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return copy;
    }

    /// <summary>Stops as an app does: it leaves the registry and drains.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _listener.Dispose();
    }
}
