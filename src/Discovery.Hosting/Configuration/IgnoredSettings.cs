using Microsoft.Extensions.Configuration;

namespace Discovery.Hosting.Configuration;

/// <summary>Finds what stands in the section <c>Discovery</c> to no effect: the binder passes over it without a word.</summary>
internal sealed class IgnoredSettings(SettingNode known)
{
    private const int MostPlaces = 3;

    private readonly SettingNode _top = known.Find(DiscoveryOptions.SectionName)!;

    public IEnumerable<IgnoredSetting> In(IConfiguration configuration) => Below(configuration.GetSection(DiscoveryOptions.SectionName), _top);

    private IEnumerable<IgnoredSetting> Below(IConfigurationSection section, SettingNode node)
    {
        foreach (var setting in section.GetChildren())
        {
            var found = node.Find(setting.Key);
            if (found is null)
            {
                yield return new(setting.Path, node.Shape is SettingShape.Value ? $"{section.Path} has one value, and nothing below it." : Unknown(section, setting.Key, node));
            }
            else if (found.Shape is not SettingShape.Free)
            {
                if (setting.Value is { Length: > 0 } && Misplaced(setting.Path, found.Shape) is { } reason)
                {
                    yield return new(setting.Path, reason);
                }

                foreach (var inner in Below(setting, found))
                {
                    yield return inner;
                }
            }
        }
    }

    private static string? Misplaced(string path, SettingShape shape) => shape switch
    {
        SettingShape.List => $"it is a list, of which each entry has a key: {path}:0 and so on.",
        SettingShape.Section => "it is a section, which has no value of its own.",
        _ => null,
    };

    private string Unknown(IConfigurationSection section, string key, SettingNode node)
    {
        if (NearestName.To(key, node.Names) is { } near)
        {
            return $"there is no such setting. Did you mean {section.Path}:{near}?";
        }

        // Mostly a level has been left out, or is one too many.
        var places = _top.PathsTo(key).Take(MostPlaces + 1).Select(path => $"{DiscoveryOptions.SectionName}:{path}").ToList();
        return places.Count is > 0 and <= MostPlaces
            ? $"there is no such setting. Did you mean {string.Join(" or ", places)}?"
            : $"there is no such setting. {section.Path} has {string.Join(", ", node.Names.Order(StringComparer.Ordinal))}.";
    }
}
