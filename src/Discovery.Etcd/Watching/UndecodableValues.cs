using System.Collections.Concurrent;
using Discovery.Security;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Watching;

/// <summary>Counts the values that are skipped because they are not instances, and says so once for each key.</summary>
internal sealed partial class UndecodableValues(ILogger logger)
{
    // Whoever writes garbage under ever new keys is not to fill our memory and the log as well.
    private const int MaxKeysLogged = 1000;

    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Report(string key, string reason)
    {
        Interlocked.Increment(ref _count);
        if (_logged.Count < MaxKeysLogged && _logged.TryAdd(key, true))
        {
            LogSkipped(UntrustedText.Line(key), UntrustedText.Line(reason));
        }
    }
}
