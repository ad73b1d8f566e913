using System.Globalization;
using Discovery.Configuration;
using Discovery.Hosting.Registration.Addresses;
using Microsoft.Extensions.Hosting;

namespace Discovery.Hosting.Registration;

/// <summary>
/// Registrations of one app that would have the same ID within the same service: each would take it from the other for ever.
/// The same ID within different services is no conflict, whichever the registry.
/// </summary>
internal static class IdentityConflicts
{
    /// <summary>A message for each registration that would take an ID from one before it.</summary>
    /// <param name="registrations">Their names and settings, as they are at the start.</param>
    /// <param name="environment">Names the app.</param>
    public static IEnumerable<string> Find(IEnumerable<KeyValuePair<string, RegistrationOptions>> registrations, IHostEnvironment environment)
    {
        var holders = new Dictionary<(string Service, string Id), string>();
        foreach (var (name, options) in registrations.Where(registration => registration.Value.Enabled))
        {
            var service = ServiceNaming.Service(options, environment.ApplicationName, name);
            var section = RegistrationOptions.SectionPath(name);
            var identity = (service, options.InstanceId ?? UnnamedId(options));
            if (!holders.TryAdd(identity, section))
            {
                yield return SettingFormat.Message(
                    $"{section}:{nameof(options.InstanceId)}", options.InstanceId, $"an ID of its own within service '{service}', where {holders[identity]} has the same");
            }
        }
    }

    // What is unset is made of the service, the host and this port; the separator is in no ID that can be set.
    private static string UnnamedId(RegistrationOptions options) =>
        $"/{(options.Endpoints.Count > 0 ? EndpointRules.Parse(options.Endpoints[0])?.Port : options.Port)?.ToString(CultureInfo.InvariantCulture)}";
}
