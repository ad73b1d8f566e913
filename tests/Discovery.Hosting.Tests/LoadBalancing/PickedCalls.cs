using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.LoadBalancing;

/// <summary>A service under a policy whose chance is seeded, and which of its instances calls reach.</summary>
internal static class PickedCalls
{
    public static Task<LookupHost> StartAsync(string policy, params ServiceInstance[] instances) => StartAsync(policy, instances, configure: null);

    /// <param name="policy">The policy.</param>
    /// <param name="instances">What the registry lists.</param>
    /// <param name="configure">Adds to the services.</param>
    /// <param name="settings">Keys under Discovery:Client, and their values.</param>
    public static async Task<LookupHost> StartAsync(
        string policy, ServiceInstance[] instances, Action<IServiceCollection>? configure, params (string Key, string Value)[] settings)
    {
        var host = new LookupHost(
            settings: [new("Discovery:Client:LoadBalancing", policy), .. settings.Select(setting => KeyValuePair.Create("Discovery:Client:" + setting.Key, (string?)setting.Value))],
            configure: services =>
            {
                services.AddSingleton(Chance.Seeded(20260101));
                configure?.Invoke(services);
            });
        host.Registry.List("orders", instances);
        await host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        host.Time.Advance(TimeSpan.FromSeconds(9));
        return host;
    }

    public static Task<LookupHost> StartAsync(string policy, ServiceInstance[] instances, params (string Key, string Value)[] settings) =>
        StartAsync(policy, instances, configure: null, settings);

    public static Dictionary<string, int> Pick(LookupHost host, int times) => Call(host, times, _ => 0);

    /// <summary>Calls one after the other, each taking its instance's time in milliseconds.</summary>
    public static Dictionary<string, int> Call(
        LookupHost host, int times, Func<string, double> latency, Func<string, PickOutcome>? outcome = null, Func<int, string>? key = null)
    {
        using var view = host.Discovery.GetView("orders");
        var picked = new Dictionary<string, int>();
        for (var i = 0; i < times; i++)
        {
            Assert.True(view.TryPick(new PickRequest { Key = key?.Invoke(i) }, out var pick));
            var id = pick.Instance.Id;
            picked[id] = picked.GetValueOrDefault(id) + 1;
            host.Time.Advance(TimeSpan.FromMilliseconds(latency(id)));
            pick.Report(outcome?.Invoke(id) ?? PickOutcome.Success);
        }

        return picked;
    }

    /// <summary>Lets one call to an instance end so; other instances that are picked meanwhile succeed.</summary>
    public static void End(LookupHost host, string id, PickOutcome outcome, int times = 1)
    {
        using var view = host.Discovery.GetView("orders");
        for (var tries = 0; times > 0; tries++)
        {
            Assert.InRange(tries, 0, 10_000);
            Assert.True(view.TryPick(out var pick));
            var isIt = pick.Instance.Id == id;
            pick.Report(isIt ? outcome : PickOutcome.Success);
            times -= isIt ? 1 : 0;
        }
    }

    /// <summary>What is known of one instance.</summary>
    public static InstanceStatus Status(LookupHost host, string id) =>
        host.Services.GetRequiredService<IDiscoveryDiagnostics>().GetInstances("orders").Single(status => status.Instance.Id == id);

    public static string[] Ejected(LookupHost host) =>
    [
        .. host.Services.GetRequiredService<IDiscoveryDiagnostics>().GetInstances("orders").Where(status => status.EjectedFor is not null).Select(status => status.Instance.Id),
    ];
}
