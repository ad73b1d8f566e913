using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.LoadBalancing;

/// <summary>A service under a policy, and which of its instances calls reach.</summary>
internal static class PickedCalls
{
    public static async Task<LookupHost> StartAsync(string policy, params ServiceInstance[] instances) => await StartAsync(policy, instances, null);

    public static async Task<LookupHost> StartAsync(string policy, ServiceInstance[] instances, Action<IServiceCollection>? configure)
    {
        var host = new LookupHost(settings: [new("Discovery:Client:LoadBalancing", policy)], configure: configure);
        host.Registry.List("orders", instances);
        await host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        host.Time.Advance(TimeSpan.FromSeconds(10));
        return host;
    }

    public static Dictionary<string, int> Pick(LookupHost host, int times) => Call(host, times, _ => 0);

    /// <summary>Calls one after the other, each taking its instance's time.</summary>
    public static Dictionary<string, int> Call(LookupHost host, int times, Func<string, int> latency, Func<string, PickOutcome>? outcome = null)
    {
        using var view = host.Discovery.GetView("orders");
        var picked = new Dictionary<string, int>();
        for (var i = 0; i < times; i++)
        {
            Assert.True(view.TryPick(default, out var pick));
            var id = pick.Instance.Id;
            picked[id] = picked.GetValueOrDefault(id) + 1;
            host.Time.Advance(TimeSpan.FromMilliseconds(latency(id)));
            pick.Report(outcome?.Invoke(id) ?? PickOutcome.Success);
        }

        return picked;
    }
}
