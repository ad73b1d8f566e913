using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Event, string Message)> _entries = [];

    public int Count(int eventId) => _entries.Count(entry => entry.Event.Id == eventId);

    public string Message(int eventId) => _entries.First(entry => entry.Event.Id == eventId).Message;

    public IReadOnlyList<string> Messages(int eventId) => [.. _entries.Where(entry => entry.Event.Id == eventId).Select(entry => entry.Message)];

    /// <summary>What is shown by default: all of level Information and above.</summary>
    public IReadOnlyList<string> Shown => [.. _entries.Where(entry => entry.Level >= LogLevel.Information).Select(entry => $"{entry.Event.Id} {entry.Message}")];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, eventId, formatter(state, exception)));

    public void Dispose()
    {
    }
}
