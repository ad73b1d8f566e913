using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Consul.Tests;

/// <summary>Registries and instances as most tests want them.</summary>
internal static class TestRegistry
{
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    private static int s_services;

    public static ConsulServiceRegistry Create(
        Uri agent, Action<ConsulOptions>? configure = null, TimeProvider? timeProvider = null, ILogger? logger = null)
    {
        var options = new ConsulOptions { Address = agent.ToString() };
        configure?.Invoke(options);
        return new ConsulServiceRegistry(options, timeProvider ?? TimeProvider.System, logger ?? NullLogger.Instance);
    }

    /// <summary>A service name that no other test uses.</summary>
    public static string UniqueService() => $"svc-{Environment.ProcessId}-{Interlocked.Increment(ref s_services)}";

    public static ServiceInstance Instance(string service, string? id = null, params string[] endpoints) => new()
    {
        ServiceName = service,
        Id = id ?? $"{service}-1",
        Endpoints = [.. (endpoints.Length == 0 ? ["http://10.0.0.1:8080"] : endpoints).Select(e => new Uri(e))],
    };
}
