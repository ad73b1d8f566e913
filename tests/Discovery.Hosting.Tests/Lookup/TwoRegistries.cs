using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>Lookups in two scripted registries, <c>A</c> before <c>B</c>, on a clock that stands still.</summary>
internal sealed class TwoRegistries : IAsyncDisposable
{
    private static readonly KeyValuePair<string, string?>[] BothProviders =
        [new("Discovery:Provider", ""), new("Discovery:Providers:0", "A"), new("Discovery:Providers:1", "B")];

    public TwoRegistries(params KeyValuePair<string, string?>[] settings) =>
        Host = new LookupHost(A, [.. BothProviders, .. settings], services => services.AddSingleton<IServiceRegistryFactory>(B));

    public ScriptedRegistry A { get; } = new() { Name = "A", Description = "registry A" };

    public ScriptedRegistry B { get; } = new() { Name = "B", Description = "registry B" };

    public LookupHost Host { get; }

    public ServiceSnapshot Known => Host.Known();

    /// <summary>Both list these, and have said so to the first caller.</summary>
    public async Task StartAsync(ServiceInstance[] inA, ServiceInstance[] inB)
    {
        A.List("orders", inA);
        B.List("orders", inB);
        await Host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        await KnownAsync(known => known.Instances.Count == inA.Concat(inB).Select(instance => instance.Id).Distinct().Count());
        await HeardAsync(A, B);
    }

    /// <summary>Loses a registry for good.</summary>
    public async Task LoseAsync(ScriptedRegistry registry)
    {
        registry.IsDown = true;
        registry.Lose("orders");
        await Eventually.HoldsAsync(() => Host.Log.Messages(201).Any(message => message.Contains(registry.Description, StringComparison.Ordinal)));
    }

    /// <summary>The registry is back and lists these.</summary>
    public async Task ReturnAsync(ScriptedRegistry registry, params ServiceInstance[] instances)
    {
        registry.List("orders", instances);
        registry.IsDown = false;
        await Host.PassTimeUntilAsync(() => registry.IsWatched("orders"), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
    }

    /// <summary>Waits until all that registries have sent so far is taken in.</summary>
    public static async Task HeardAsync(params ScriptedRegistry[] registries)
    {
        foreach (var registry in registries)
        {
            await Eventually.HoldsAsync(() => registry.IsRead("orders"));
        }
    }

    public Task<ServiceSnapshot> KnownAsync(Func<ServiceSnapshot, bool> expected) => Host.KnownAsync(expected);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
