using System.Globalization;

namespace Discovery.Hosting.Configuration;

/// <summary>The rules that most settings have: a range, both ends allowed.</summary>
internal static class SettingRules
{
    public static SettingRule<TOptions> Count<TOptions>(string key, Func<TOptions, int> value, int least, int most) =>
        Between(key, value, least, most, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    public static SettingRule<TOptions> Number<TOptions>(string key, Func<TOptions, double> value, double least, double most) =>
        Between(key, value, least, most, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    public static SettingRule<TOptions> Time<TOptions>(string key, Func<TOptions, TimeSpan> value, TimeSpan least, TimeSpan most) =>
        Between(key, value, least, most, $"{least:c} to {most:c} (hh:mm:ss; a bare number would be days)");

    /// <param name="key">The setting's key below its section.</param>
    /// <param name="value">Reads it.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="most">The most that is allowed.</param>
    /// <param name="allowed">What is allowed, where the range does not say it well.</param>
    public static SettingRule<TOptions> Between<TOptions, T>(string key, Func<TOptions, T> value, T least, T most, string allowed)
        where T : IComparable<T>, IParsable<T>, IFormattable =>
        new SettingRule<TOptions, T>(key, value, least, _ => most, allowed);
}
