using System.Reflection;
using Discovery.Consul;
using Discovery.Etcd;
using Discovery.Hosting.Http.Resilience;
using Discovery.Hosting.Lookup;
using Discovery.Hosting.Registration;
using Discovery.Local;

namespace Discovery.Hosting.Tests.Configuration;

/// <summary>All settings, read off the options classes.</summary>
/// <param name="Path">Its configuration path; <c>*</c> stands for a name or a number.</param>
/// <param name="Type">The type of the option.</param>
/// <param name="Default">What it is where nothing is set.</param>
internal sealed record SettingTree(string Path, Type Type, object? Default)
{
    // Sections that are no property of another section's options.
    private static readonly (string Path, Type Type)[] Sections =
    [
        ("Discovery:Registration", typeof(RegistrationOptions)),
        ("Discovery:Registrations", typeof(IDictionary<string, RegistrationOptions>)),
        ("Discovery:Client", typeof(ClientOptions)),
        ("Discovery:Client:Resilience", typeof(DiscoveryResilienceOptions)),
        ("Discovery:Local", typeof(LocalOptions)),
        ("Discovery:Consul", typeof(ConsulOptions)),
        ("Discovery:Etcd", typeof(EtcdOptions)),
    ];

    public static SettingTree Root { get; } = new("Discovery", typeof(DiscoveryOptions), null);

    public string Name => Path[(Path.LastIndexOf(':') + 1)..];

    /// <summary>What a list or a table of settings holds, or null where it is neither.</summary>
    public SettingTree? Element =>
        Type.IsGenericType && Type.GetGenericTypeDefinition() is { } generic && (generic == typeof(IList<>) || generic == typeof(IDictionary<,>))
            ? new($"{Path}:*", Type.GetGenericArguments()[^1], null)
            : null;

    /// <summary>The settings of a section.</summary>
    public IReadOnlyList<SettingTree> Settings => !IsSection ? [] :
    [
        .. Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => new SettingTree(
            $"{Path}:{property.Name}", Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, property.GetValue(Activator.CreateInstance(Type)))),
        .. Sections.Where(section => section.Path[..section.Path.LastIndexOf(':')] == Path).Select(section => new SettingTree(section.Path, section.Type, null)),
    ];

    public string SchemaType =>
        Type == typeof(bool) ? "boolean" : Type == typeof(int) ? "integer" : Type == typeof(double) ? "number"
        : Type == typeof(string) || Type == typeof(TimeSpan) ? "string"
        : Element is not null && Type.GetGenericTypeDefinition() == typeof(IList<>) ? "array" : "object";

    private bool IsSection => SchemaType == "object" && Element is null;
}
