using Microsoft.Extensions.Logging;

namespace Discovery.Simulation.Apps;

/// <summary>Puts what a process logs into the trace, and keeps what it must never log.</summary>
internal sealed class TraceLogger(string process, Trace trace) : ILoggerProvider, ILogger
{
    /// <summary>What was logged as critical: the loop says that it has met an error of its own making.</summary>
    public string? Critical { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            trace.Add(process, $"logs {eventId.Name ?? formatter(state, exception)}");
            Critical ??= logLevel == LogLevel.Critical ? $"{formatter(state, exception)} {exception}" : null;
        }
    }

    public void Dispose()
    {
    }
}
