using System.Diagnostics;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What happens between the registry and all who use it; the registry itself is well and is asked past it.</summary>
internal static class NetworkFaults
{
    public static Fault Dropped { get; } = new("connections dropped again and again")
    {
        InjectAsync = stage =>
        {
            stage.Begin(async cancellation =>
            {
                while (true)
                {
                    Each(stage, proxy => proxy.DropConnections());
                    await Task.Delay(200, cancellation);
                }
            });
            return Task.CompletedTask;
        },
        ProveAsync = async stage =>
        {
            var connections = stage.Proxies.Sum(proxy => proxy.AcceptedCount);
            await Eventually.HoldsAsync(() => stage.Proxies.Sum(proxy => proxy.AcceptedCount) > connections, TimeSpan.FromSeconds(10)); // made anew
        },
        MendAsync = stage => stage.EndAsync(),
    };

    public static Fault Refused { get; } = Set("connections dropped, and refused from then on", proxy =>
    {
        proxy.Refuse();
        proxy.DropConnections();
    }, proxy => proxy.Accept(), IsSilentAsync);

    public static Fault Delayed { get; } = Set("each packet 300 ms late", proxy => proxy.Delay = TimeSpan.FromMilliseconds(300), proxy => proxy.Delay = TimeSpan.Zero, async stage =>
    {
        var askedAt = Stopwatch.GetTimestamp(); // a timer may be a few milliseconds early
        Assert.True(await Asked.GetAnyAsync(stage.Proxies[0].Address));
        Assert.InRange(Stopwatch.GetElapsedTime(askedAt), TimeSpan.FromSeconds(0.55), TimeSpan.MaxValue);
    });

    public static Fault Throttled { get; } = Set("2,000 bytes a second on each connection", proxy => proxy.BytesPerSecond = 2000, proxy => proxy.BytesPerSecond = 0, async stage =>
    {
        var askedAt = Stopwatch.GetTimestamp();
        Assert.NotNull(await Asked.GetAsync(stage.Proxies[0].Address, filler: 2000));
        Assert.InRange(Stopwatch.GetElapsedTime(askedAt), TimeSpan.FromSeconds(0.9), TimeSpan.MaxValue);
    });

    public static Fault BlackHoled { get; } = Set("packets vanish", proxy => proxy.IsBlackHole = true, proxy => proxy.IsBlackHole = false, IsSilentAsync);

    public static Fault HalfOpen { get; } = Set("half open: what is asked arrives, no answer does", proxy => proxy.IsHalfOpen = true, proxy => proxy.IsHalfOpen = false, async stage =>
    {
        var heard = stage.Proxies.Sum(proxy => proxy.ClientBytes);
        await IsSilentAsync(stage);
        Assert.InRange(stage.Proxies.Sum(proxy => proxy.ClientBytes), heard + 1, long.MaxValue);
    });

    public static Fault Truncated { get; } = Set("answers cut off after 200 bytes", proxy =>
    {
        proxy.TruncateAfter = 200;
        proxy.DropConnections();
    }, proxy => proxy.TruncateAfter = null, async stage =>
        Assert.Equal(200, await Asked.CountUntilBrokenAsync(stage.Proxies[0].Address, stage.Registry is ConsulUnderTest ? "/v1/agent/self" : "/metrics")));

    public static Fault Garbled { get; } = Set("answers garbled", proxy => proxy.IsGarbling = true, proxy => proxy.IsGarbling = false, async stage =>
        Assert.DoesNotContain("HTTP", await Asked.GetAsync(stage.Proxies[0].Address) ?? "", StringComparison.Ordinal));

    private static Fault Set(string name, Action<TcpProxy> set, Action<TcpProxy> unset, Func<Stage, Task> proveAsync) => new(name)
    {
        InjectAsync = stage =>
        {
            Each(stage, set);
            return Task.CompletedTask;
        },
        ProveAsync = proveAsync,
        MendAsync = stage =>
        {
            Each(stage, unset);
            return Task.CompletedTask;
        },
    };

    private static async Task IsSilentAsync(Stage stage)
    {
        Assert.All(await Task.WhenAll(stage.Proxies.Select(proxy => Asked.GetAnyAsync(proxy.Address))), Assert.False);
        Assert.All(await Task.WhenAll(stage.Registry.Addresses.Select(Asked.GetAnyAsync)), Assert.True);
    }

    private static void Each(Stage stage, Action<TcpProxy> set)
    {
        foreach (var proxy in stage.Proxies)
        {
            set(proxy);
        }
    }
}
