using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Watches;

/// <summary>Counts the values that are skipped because they are not instances, and says so once for each key.</summary>
internal sealed partial class UndecodableValues(IMeterFactory meters, ILogger logger)
{
    // Whoever writes garbage under ever new keys is not to fill our memory and the log as well.
    private const int MaxKeysLogged = 1000;
    private const int MaxKeyShown = 300;

    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);
    private readonly Counter<long> _skipped = meters.Create("Discovery.Hosting").CreateCounter<long>(
        "discovery.registry.undecodable", "{value}", "Values in a registry that were skipped because they are not instances.");

    public void Report(string key, string reason)
    {
        _skipped.Add(1, new KeyValuePair<string, object?>("registry", "etcd"));
        if (_logged.Count < MaxKeysLogged && _logged.TryAdd(key, true))
        {
            LogSkipped(key.Length > MaxKeyShown ? key[..MaxKeyShown] : key, reason);
        }
    }

    [LoggerMessage(3301, LogLevel.Warning, "The value of {Key} is skipped: {Reason}.")]
    private partial void LogSkipped(string key, string reason);
}
