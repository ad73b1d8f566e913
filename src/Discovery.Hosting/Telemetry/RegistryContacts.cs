using System.Collections.Concurrent;

namespace Discovery.Hosting.Telemetry;

/// <summary>What is known of the registries that this process has called.</summary>
internal sealed class RegistryContacts(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RegistryContact> _contacts = new(StringComparer.Ordinal);

    public IEnumerable<RegistryContact> All => _contacts.OrderBy(contact => contact.Key, StringComparer.Ordinal).Select(contact => contact.Value);

    public RegistryContact Of(IServiceRegistry registry) => _contacts.GetOrAdd(registry.Description, static (key, time) => new(key, time), time);
}
