using System.Globalization;

namespace Discovery.Configuration;

/// <summary>How messages about settings are worded.</summary>
public static class SettingFormat
{
    /// <summary>A time as a message says it.</summary>
    /// <remarks><c>15</c> is fifteen <i>days</i> to .NET, which few mean: whole days are named.</remarks>
    public static string Text(TimeSpan time) =>
        time >= TimeSpan.FromDays(1) && time.Ticks % TimeSpan.TicksPerDay == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time:c} ({time.Days} days)")
            : time.ToString("c", CultureInfo.InvariantCulture);

    /// <summary>A URL as a message says it: what stands before an <c>@</c> may be a password.</summary>
    public static string? WithoutUser(string? url) => url?.LastIndexOf('@') is { } at and >= 0 ? $"***{url[at..]}" : url;

    /// <summary>The one form in which every refused setting is reported.</summary>
    /// <param name="path">The configuration path, such as <c>Discovery:Registration:Ttl</c>.</param>
    /// <param name="value">The value as it stands there; never a secret.</param>
    /// <param name="allowed">What is allowed.</param>
    public static string Message(string path, string? value, string allowed) => $"{path} is '{value}'; allowed is {allowed}.";
}
