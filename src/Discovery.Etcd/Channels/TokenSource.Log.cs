using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

internal sealed partial class TokenSource
{
    [LoggerMessage(3001, LogLevel.Debug, "etcd refuses the token of the user {User}, as it does when one has expired: asking for another.")]
    private partial void LogRenewing(string user);

    [LoggerMessage(3002, LogLevel.Warning, "etcd has authentication turned off: the user {User} is not checked, and anybody may write.")]
    private partial void LogAuthenticationOff(string user);
}
