using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Discovery.Configuration;

/// <summary>A section of the configuration that is bound to options, and the settings that may stand in it. What else stands there has no effect.</summary>
public sealed class KnownSettings
{
    private KnownSettings(string section, Type options, IReadOnlyDictionary<string, Type> types) => (Section, Options, Types) = (section, options, types);

    /// <summary>The section's configuration path, such as <c>Discovery:Consul</c>; <c>*</c> in it stands for any name.</summary>
    public string Section { get; }

    /// <summary>What the section is bound to.</summary>
    public Type Options { get; }

    /// <summary>The type of each setting, by its key below the section.</summary>
    public IReadOnlyDictionary<string, Type> Types { get; }

    /// <summary>Reads them off the class of the options: its public properties. Those of a class that is the type of one are to be said for themselves.</summary>
    /// <typeparam name="TOptions">What the section is bound to.</typeparam>
    /// <param name="section">The section's configuration path; <c>*</c> in it stands for any name.</param>
    public static KnownSettings Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string section)
    {
        ArgumentException.ThrowIfNullOrEmpty(section);
        return new(section, typeof(TOptions), typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(
            property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name, property => property.PropertyType));
    }
}
