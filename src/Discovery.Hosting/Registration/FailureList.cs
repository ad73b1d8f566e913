using System.Collections;
using Discovery.Configuration;

namespace Discovery.Hosting.Registration;

/// <summary>Collects what is wrong with the settings of one section.</summary>
internal sealed class FailureList(string section) : IReadOnlyCollection<string>
{
    private readonly List<string> _failures = [];

    public int Count => _failures.Count;

    public static bool IsText(string? text, int maxLength) =>
        text is { Length: > 0 } && text.Length <= maxLength && !text.Any(char.IsControl);

    public void Add(string key, string? value, string allowed) =>
        _failures.Add(SettingFormat.Message($"{section}:{key}", value, allowed));

    public void AddUnlessText(string key, string? value)
    {
        if (value is not null && !IsText(value, RegistrationLimits.MaxText))
        {
            Add(key, value, RegistrationLimits.AllowedText);
        }
    }

    public void AddUnlessTexts(string key, IList<string> values, int maxCount)
    {
        if (values.Count > maxCount)
        {
            Add(key, $"{values.Count} entries", $"at most {maxCount} entries");
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (!IsText(values[i], RegistrationLimits.MaxText))
            {
                Add($"{key}:{i}", values[i], RegistrationLimits.AllowedText);
            }
        }
    }

    public IEnumerator<string> GetEnumerator() => _failures.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
