using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Watching;

internal sealed partial class UndecodableValues
{
    [LoggerMessage(3301, LogLevel.Warning, "The value of {Key} is skipped: {Reason}. Correct or remove it.", EventName = "EtcdValueSkipped")]
    private partial void LogSkipped(string key, string reason);
}
