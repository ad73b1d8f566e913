using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Discovery.Configuration;

/// <summary>
/// Finds settings whose text cannot be converted before the binder does, so that the message can say what is allowed.
/// </summary>
public static class SettingFormat
{
    /// <summary>Checks one setting.</summary>
    /// <typeparam name="T">The type of the option that the setting is bound to.</typeparam>
    /// <param name="section">The section the setting stands in.</param>
    /// <param name="key">Its key there.</param>
    /// <param name="allowed">What is allowed, as the message says it.</param>
    /// <param name="failures">Where the message goes.</param>
    public static void Require<T>(IConfigurationSection section, string key, string allowed, ICollection<string> failures)
        where T : IParsable<T>
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(failures);
        var setting = section.GetSection(key);
        if (setting.Value is { Length: > 0 } value && !T.TryParse(value, CultureInfo.InvariantCulture, out _))
        {
            failures.Add(Message(setting.Path, value, allowed));
        }
    }

    /// <summary>The one form in which every refused setting is reported.</summary>
    /// <param name="path">The configuration path, such as <c>Discovery:Registration:Ttl</c>.</param>
    /// <param name="value">The value as it stands there; never a secret.</param>
    /// <param name="allowed">What is allowed.</param>
    public static string Message(string path, string? value, string allowed) => $"{path} is '{value}'; allowed is {allowed}.";
}
