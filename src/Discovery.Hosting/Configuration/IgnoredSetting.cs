namespace Discovery.Hosting.Configuration;

/// <summary>A key that stands in the configuration to no effect.</summary>
/// <param name="Key">Its path.</param>
/// <param name="Reason">Why, and what may have been meant. Says nothing of its value, which may be a secret.</param>
internal sealed record IgnoredSetting(string Key, string Reason);
