using System.Globalization;
using System.Runtime.InteropServices;
using Discovery.Benchmarks.Harness;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Benchmarks.Watching;

/// <summary>One watcher of the service in a process of its own, so that what the process uses is what the watcher uses.</summary>
internal static class ChurnWatcher
{
    /// <summary>The verb of such a process, followed by the kind and the registry's address.</summary>
    public const string Verb = "churn-watcher";

    public const string BareEtcd = "etcd-bare";
    public const string DotnetEtcd = "etcd-dotnet-etcd";
    public const string OursOnEtcd = "etcd";
    public const string BareConsul = "consul-bare";
    public const string OursOnConsul = "consul";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static long s_updates;
    private static long s_lastUpdateAt;

    /// <summary>Watches and says once a second what it has used, until SIGTERM; then says which version it knows.</summary>
    public static async Task RunAsync(string kind, Uri address)
    {
        using var ending = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            ending.Cancel();
        });
        var watching = kind switch
        {
            BareEtcd => WatchBareEtcdAsync(address, ending.Token),
            DotnetEtcd => WatchDotnetEtcdAsync(address, ending.Token),
            OursOnEtcd => FollowAsync(Providers.Etcd(address), ending.Token),
            BareConsul => WatchBareConsulAsync(address, ending.Token),
            OursOnConsul => FollowAsync(Providers.Consul(address), ending.Token),
            _ => throw new ArgumentException($"'{kind}' is no kind of watcher.", nameof(kind)),
        };
        while (!ending.IsCancellationRequested)
        {
            Console.WriteLine(WatcherUse.Now(Interlocked.Read(ref s_updates), Interlocked.Read(ref s_lastUpdateAt)));
            await Task.Delay(Interval, TimeProvider.System, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Console.WriteLine($"knows {await watching}");
    }

    private static void Seen()
    {
        Interlocked.Increment(ref s_updates);
        Interlocked.Exchange(ref s_lastUpdateAt, TimeProvider.System.GetUtcNow().Ticks);
    }

    private static async Task<string> WatchBareEtcdAsync(Uri address, CancellationToken cancellationToken)
    {
        using var bare = new EtcdStream(address);
        await bare.WatchAsync(_ => Seen(), cancellationToken);
        return "nothing";
    }

    private static async Task<string> WatchBareConsulAsync(Uri address, CancellationToken cancellationToken)
    {
        using var bare = new ConsulQueries(address);
        await bare.WatchAsync(_ => Seen(), cancellationToken);
        return "nothing";
    }

    // As its users do it: it hands over events, and what they add up to is kept by whoever listens.
    private static async Task<string> WatchDotnetEtcdAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new dotnet_etcd.EtcdClient(address.ToString(), configureChannelOptions: channel => channel.Credentials = ChannelCredentials.Insecure);
        var listed = await client.GetRangeAsync(EtcdStream.Prefix, cancellationToken: cancellationToken);
        var known = listed.Kvs.ToDictionary(pair => pair.Key.ToStringUtf8(), pair => pair.Value, StringComparer.Ordinal);
        var all = known.Values.ToArray();
        await client.WatchRangeAsync(
            EtcdStream.Prefix,
            response =>
            {
                foreach (var change in response.Events)
                {
                    known[change.Kv.Key.ToStringUtf8()] = change.Kv.Value;
                    Volatile.Write(ref all, [.. known.Values]);
                    Seen();
                }
            },
            cancellationToken: cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return $"{all.Length} values";
    }

    private static async Task<string> FollowAsync(KeyValuePair<string, string?>[] settings, CancellationToken cancellationToken)
    {
        await using var ours = Providers.Client(settings);
        ServiceSnapshot? last = null;
        try
        {
            await foreach (var snapshot in ours.GetRequiredService<IServiceDiscovery>().WatchAsync("orders", cancellationToken))
            {
                last = snapshot;
                Seen();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }

        return (last?.Instances.Max(instance => int.TryParse(instance.Version, CultureInfo.InvariantCulture, out var version) ? version : 0) ?? 0).ToString(CultureInfo.InvariantCulture);
    }
}
