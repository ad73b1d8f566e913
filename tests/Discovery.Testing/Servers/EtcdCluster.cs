using System.Text.Json;

namespace Discovery.Testing.Servers;

/// <summary>A real etcd cluster of one's own, whose members can be killed, frozen and started again one by one.</summary>
public sealed class EtcdCluster : IAsyncDisposable
{
    private EtcdCluster(IReadOnlyList<EtcdServer> members) => Members = members;

    /// <summary>The members, running or not.</summary>
    public IReadOnlyList<EtcdServer> Members { get; }

    /// <summary>Where the members answer clients, in the order of <see cref="Members"/>.</summary>
    public IReadOnlyList<Uri> Endpoints => [.. Members.Select(member => member.Endpoint)];

    /// <summary>Starts the members and waits until all are healthy; skips the test where that etcd is not on this machine.</summary>
    public static async Task<EtcdCluster> StartAsync(int size = 3, EtcdServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EtcdServerOptions();
        _ = ServerProgram.Etcd(options.Version);
        var ports = Enumerable.Range(0, size).Select(_ => new EtcdPorts()).ToArray();
        var initialCluster = string.Join(',', ports.Select(member => member.Member));
        var cluster = new EtcdCluster([.. ports.Select(member => new EtcdServer(options, member, initialCluster))]);
        try
        {
            await Task.WhenAll(cluster.Members.Select(member => member.StartAgainAsync(wipe: false, cancellationToken)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the members until one of them is known to be the leader. None of the running ones may be frozen.</summary>
    public async Task<EtcdServer> FindLeaderAsync() =>
        (await Eventually.IsAsync(
            async () =>
            {
                foreach (var member in Members.Where(member => member.IsRunning))
                {
                    if (await IsLeaderAsync(member))
                    {
                        return member;
                    }
                }

                return null;
            },
            member => member is not null))!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }
    }

    private static async Task<bool> IsLeaderAsync(EtcdServer member)
    {
        using var status = JsonDocument.Parse(await member.EtcdctlAsync("endpoint", "status", "-w", "json"));
        var answer = status.RootElement[0].GetProperty("Status");
        return answer.TryGetProperty("leader", out var leader)
            && leader.GetUInt64() == answer.GetProperty("header").GetProperty("member_id").GetUInt64();
    }
}
