using System.Text.Json;

namespace Discovery.Dashboard.Api;

/// <summary>The values of an enumeration as the JSON writes them: <c>instanceJoined</c>.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Known =
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    public static string Of(T value) => Known[value];

    public static string? Of(T? value) => value is { } known ? Known[known] : null;
}
