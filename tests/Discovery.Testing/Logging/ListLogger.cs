using Microsoft.Extensions.Logging;

namespace Discovery.Testing;

/// <summary>Logs under one name to its provider's list.</summary>
internal sealed class ListLogger(ListLoggerProvider provider, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        provider.Add(new LogEntry(category, logLevel, eventId, formatter(state, exception), exception));
}
