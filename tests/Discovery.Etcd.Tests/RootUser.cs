using Discovery.Testing.Servers;

namespace Discovery.Etcd.Tests;

/// <summary>What an administrator does to an etcd with authentication, as <c>root</c> with the password <c>root</c>.</summary>
internal static class RootUser
{
    // By itself etcdctl gives up a log-in, which is part of dialling, after 2 s, and a command after 5: a server on a busy machine does not always get to look at a password in that time.
    private static readonly string[] Flags = ["--user", "root:root", "--dial-timeout=25s", "--command-timeout=25s"];

    /// <inheritdoc cref="EtcdServer.EtcdctlAsync"/>
    public static Task<string> EtcdctlAsRootAsync(this EtcdServer server, params string[] command) => server.EtcdctlAsync([.. command, .. Flags]);
}
