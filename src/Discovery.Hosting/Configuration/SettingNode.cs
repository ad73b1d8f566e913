using System.Collections;
using Discovery.Configuration;

namespace Discovery.Hosting.Configuration;

/// <summary>A key of the configuration, and those that may stand below it.</summary>
internal sealed class SettingNode
{
    private const string AnyName = "*";

    private readonly Dictionary<string, SettingNode> _named = new(StringComparer.OrdinalIgnoreCase);
    private SettingNode? _others; // below names that the user chooses, and numbers

    private SettingNode(SettingShape shape) => Shape = shape;

    public SettingShape Shape { get; private set; }

    /// <summary>The keys below it that have a name of their own.</summary>
    public IEnumerable<string> Names => _named.Keys;

    /// <summary>The whole configuration, as far as it is known.</summary>
    public static SettingNode Of(IEnumerable<KnownSettings> sections)
    {
        var root = new SettingNode(SettingShape.Section);
        foreach (var section in sections)
        {
            var node = root.Open(section.Section);
            foreach (var (name, type) in section.Types)
            {
                node._named.TryAdd(name, OfType(type));
            }
        }

        return root;
    }

    /// <summary>The key below it, or null where there is none such.</summary>
    public SettingNode? Find(string key) => _named.GetValueOrDefault(key) ?? _others;

    /// <summary>A key below it that may hold anything, unless it is known what.</summary>
    public void AddFree(string key) => _named.TryAdd(key, new(SettingShape.Free));

    /// <summary>The paths below it, from it on, whose last key is this one. Names that the user chooses are left out.</summary>
    public IEnumerable<string> PathsTo(string key) => _named.SelectMany(inner =>
        (string.Equals(inner.Key, key, StringComparison.OrdinalIgnoreCase) ? [inner.Key] : Enumerable.Empty<string>())
            .Concat(inner.Value.PathsTo(key).Select(path => $"{inner.Key}:{path}")));

    private SettingNode Open(string path) => path.Split(':').Aggregate(this, (node, key) => node.Open(key, key == AnyName));

    private SettingNode Open(string key, bool isAnyName)
    {
        var inner = isAnyName ? _others ??= new(SettingShape.Section) : _named.GetValueOrDefault(key);
        if (inner is null)
        {
            inner = _named[key] = new(SettingShape.Section);
        }

        if (inner.Shape == SettingShape.Free)
        {
            inner.Shape = SettingShape.Section; // now it is said what it holds
        }

        return inner;
    }

    private static SettingNode OfType(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsValue(type))
        {
            return new(SettingShape.Value);
        }

        // What is enumerated is a list, and a table where it has a key too.
        return type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments() is [.., var element] arguments
            ? new(arguments.Length > 1 ? SettingShape.Section : SettingShape.List) { _others = OfType(element) }
            : new(SettingShape.Free);
    }

    private static bool IsValue(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Uri) || type == typeof(decimal) || type == typeof(Guid)
        || type == typeof(DateTime) || type == typeof(DateTimeOffset);
}
