using System.Collections.Concurrent;
using Discovery.Security;
using Microsoft.Extensions.Logging;

namespace Discovery.Consul.Watching;

/// <summary>Counts what could not be used, and logs each of them once.</summary>
internal sealed partial class SkippedEntries(ILogger logger)
{
    /// <summary>Beyond this many the log has said enough.</summary>
    private const int MaxLogged = 1000;

    private readonly ConcurrentDictionary<string, bool> _logged = new();
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add(string serviceName, string id, string fault)
    {
        Interlocked.Increment(ref _count);
        if (_logged.Count < MaxLogged && _logged.TryAdd($"{serviceName}/{id}", true))
        {
            LogSkipped(logger, UntrustedText.Line(id), serviceName, fault);
        }
    }
}
