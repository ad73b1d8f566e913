using Discovery.Hosting.Health;
using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Registration;

/// <summary>What all registration loops of the process share.</summary>
internal sealed record RegistrationServices(
    HealthMonitor Health, RegistryCalls Calls, DiscoveryMetrics Metrics, DiscoveryJournal Journal, TimeProvider Time, Random Random, ILoggerFactory LoggerFactory);
