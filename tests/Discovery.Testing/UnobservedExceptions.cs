using System.Collections.Concurrent;

namespace Discovery.Testing;

/// <summary>Hears of the exceptions of tasks that nobody has looked at, from its creation until it is disposed of.</summary>
/// <remarks>They are the whole process's, those of other tests included: a test says by their messages which are its own.</remarks>
public sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<string> _heard = [];

    /// <summary>Begins to listen.</summary>
    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    /// <summary>Collects garbage, which is when such tasks show, and tells the exceptions heard of so far.</summary>
    public IReadOnlyCollection<string> Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return _heard;
    }

    /// <inheritdoc/>
    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e) => _heard.Enqueue(e.Exception.ToString());
}
