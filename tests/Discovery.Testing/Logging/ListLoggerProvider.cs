using Microsoft.Extensions.Logging;

namespace Discovery.Testing;

/// <summary>Keeps all that is logged, of every level, for assertions.</summary>
/// <param name="capacity">How many entries it keeps, of which the oldest go first; for apps that run for long.</param>
public sealed class ListLoggerProvider(int capacity = int.MaxValue) : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _entries = [];

    /// <summary>All entries so far.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>The entries with an event's number so far.</summary>
    public IReadOnlyList<LogEntry> Of(int eventId) => [.. Entries.Where(entry => entry.EventId.Id == eventId)];

    /// <summary>A logger factory that logs here only, from the lowest level on.</summary>
    public ILoggerFactory CreateFactory() => LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new ListLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // the entries are still wanted when the host that owns the provider is gone
    }

    internal void Add(LogEntry entry)
    {
        lock (_gate)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > capacity)
            {
                _entries.Dequeue();
            }
        }
    }
}
