using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

internal sealed partial class TokenSource
{
    [LoggerMessage(3001, LogLevel.Debug, "etcd refuses the token of the user {User}, as it does when one has expired: asking for another.", EventName = "EtcdTokenRenewed")]
    private partial void LogRenewing(string user);

    [LoggerMessage(EventId = 3002, EventName = "EtcdAuthenticationOff", Level = LogLevel.Warning,
        Message = "etcd has authentication turned off: the user {User} is not checked, and anybody may write. Turn it on with 'etcdctl auth enable'.")]
    private partial void LogAuthenticationOff(string user);
}
