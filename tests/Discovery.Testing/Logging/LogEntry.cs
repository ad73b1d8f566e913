using Microsoft.Extensions.Logging;

namespace Discovery.Testing;

/// <summary>One line that was logged.</summary>
/// <param name="Category">The logger's name.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="EventId">Its number and name.</param>
/// <param name="Message">Its text, filled in.</param>
/// <param name="Exception">What was logged with it, or null.</param>
public sealed record LogEntry(string Category, LogLevel Level, EventId EventId, string Message, Exception? Exception);
