using System.Text.Json;

namespace Discovery.Dashboard.Api;

/// <summary>The values of an enumeration as the JSON writes them: <c>instanceJoined</c>; one that is none of them, which a registry of one's own may give, by its number.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Known =
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    public static string Of(T value) => Known.TryGetValue(value, out var name) ? name : value.ToString();

    public static string? Of(T? value) => value is { } known ? Of(known) : null;
}
