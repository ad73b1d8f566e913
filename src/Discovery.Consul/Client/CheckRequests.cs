using System.Text;
using System.Text.Json;
using Discovery.Consul.Wire;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Client;

/// <summary>The beats of one TTL check. Without a note they have no body, and are made once.</summary>
internal sealed class CheckRequests(ServiceRegistration registration)
{
    /// <summary>The agent cuts a check's output there, too.</summary>
    private const int MaxNoteLength = 4096;

    private readonly ConsulRequest _pass = Create(registration, "pass");
    private readonly ConsulRequest _warn = Create(registration, "warn");
    private readonly ConsulRequest _fail = Create(registration, "fail");
    private readonly ConsulRequest _update = Create(registration, "update");

    public ConsulRequest For(HealthStatus health, string? note)
    {
        if (!string.IsNullOrEmpty(note))
        {
            var output = Encoding.UTF8.GetByteCount(note) <= MaxNoteLength ? note : note[..Math.Min(note.Length, MaxNoteLength / 4)];
            return _update with
            {
                Json = JsonSerializer.SerializeToUtf8Bytes(new CheckUpdate(ConsulHealth.Status(health), output), ConsulJsonContext.Default.CheckUpdate),
            };
        }

        return health switch
        {
            HealthStatus.Healthy => _pass,
            HealthStatus.Degraded => _warn,
            _ => _fail,
        };
    }

    // A path may hold colons as they are, and each check's ID has one: in a thousand registrations' beats, four hundred bytes a second.
    private static ConsulRequest Create(ServiceRegistration registration, string verb) =>
        new(
            HttpMethod.Put,
            $"/v1/agent/check/{verb}/{Uri.EscapeDataString(registration.Check.CheckID).Replace("%3A", ":", StringComparison.Ordinal)}",
            $"keeping '{registration.ID}' alive",
            $"service:write on service \"{registration.Name}\"");
}
