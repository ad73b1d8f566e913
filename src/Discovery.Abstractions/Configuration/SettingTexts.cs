using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Configuration;

/// <summary>Finds a section's settings whose text cannot be converted before the binder does, so that the message can say what is allowed.</summary>
/// <param name="section">The section the settings stand in.</param>
public sealed class SettingTexts(IConfigurationSection section)
{
    private readonly List<string> _failures = [];

    /// <summary>Checks one setting; one that is unset or empty is left to its default.</summary>
    /// <typeparam name="T">The type of the option that the setting is bound to.</typeparam>
    /// <param name="key">Its key below the section.</param>
    /// <param name="allowed">What is allowed, as the message says it.</param>
    /// <returns>This.</returns>
    public SettingTexts Require<T>(string key, string allowed)
        where T : IParsable<T>
    {
        var setting = section.GetSection(key);
        if (setting.Value is { Length: > 0 } value && !T.TryParse(value, CultureInfo.InvariantCulture, out _))
        {
            _failures.Add(SettingFormat.Message(setting.Path, value, allowed));
        }

        return this;
    }

    /// <summary>Ends the checking.</summary>
    /// <typeparam name="TOptions">What the section is about to be bound to.</typeparam>
    /// <param name="name">The name of those options, or null for the unnamed ones.</param>
    /// <exception cref="OptionsValidationException">A text cannot be converted; there is one message for each.</exception>
    public void ThrowIfRefused<TOptions>(string? name = null)
    {
        if (_failures.Count > 0)
        {
            throw new OptionsValidationException(name ?? Options.DefaultName, typeof(TOptions), _failures);
        }
    }
}
