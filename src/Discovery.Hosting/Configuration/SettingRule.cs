using System.Globalization;
using Discovery.Configuration;

namespace Discovery.Hosting.Configuration;

/// <summary>What one setting of a section may be.</summary>
internal abstract class SettingRule<TOptions>(string key, string allowed)
{
    public string Key => key;

    /// <summary>Sees to it that the text below a section, whose path ends with a colon, can be converted at all.</summary>
    public abstract void Require(SettingTexts texts, string section);

    /// <summary>What is wrong with the value, or null.</summary>
    public abstract string? Check(string section, TOptions options);

    protected string Allowed => allowed;
}

/// <inheritdoc/>
internal sealed class SettingRule<TOptions, T>(string key, Func<TOptions, T> value, T least, Func<TOptions, T> most, string allowed) : SettingRule<TOptions>(key, allowed)
    where T : IComparable<T>, IParsable<T>, IFormattable
{
    public override void Require(SettingTexts texts, string section) => texts.Require<T>(section + Key, Allowed);

    public override string? Check(string section, TOptions options) => value(options) is var actual && actual.CompareTo(least) >= 0 && actual.CompareTo(most(options)) <= 0
        ? null
        : SettingFormat.Message($"{section}:{Key}", actual.ToString(null, CultureInfo.InvariantCulture), Allowed);
}
