using Discovery.EndToEnd.Tests.Registries;

namespace Discovery.EndToEnd.Tests.TwoRegistries;

/// <summary>A real Consul and a real etcd, and how apps are told to use one of them or both.</summary>
internal sealed class ConsulAndEtcd : IAsyncDisposable
{
    private const string Provider = "Discovery__Provider";

    private ConsulAndEtcd(RegistryUnderTest consul, RegistryUnderTest etcd) => (Consul, Etcd) = (consul, etcd);

    public RegistryUnderTest Consul { get; }

    public RegistryUnderTest Etcd { get; }

    public RegistryUnderTest this[string provider] => provider == "Consul" ? Consul : Etcd;

    public static async Task<ConsulAndEtcd> StartAsync() => new(await RegistryUnderTest.StartAsync("Consul"), await RegistryUnderTest.StartAsync("Etcd"));

    /// <summary>The environment of an app with these settings, and with both registries' addresses.</summary>
    /// <param name="settings">Configuration paths, as appsettings.json would hold them, that choose the providers.</param>
    public IReadOnlyDictionary<string, string?> With(IReadOnlyDictionary<string, string?> settings) => Merge(Consul.Environment, Etcd.Environment, settings);

    /// <summary>The environment of an app that uses both.</summary>
    public IReadOnlyDictionary<string, string?> WithBoth() => MergeBoth(Consul.Environment, Etcd.Environment);

    /// <summary>The environment of an app that uses both, out of those of apps that use one.</summary>
    public static IReadOnlyDictionary<string, string?> MergeBoth(IReadOnlyDictionary<string, string?> consul, IReadOnlyDictionary<string, string?> etcd) =>
        Merge(consul, etcd, new Dictionary<string, string?> { ["Discovery:Providers:0"] = "Consul", ["Discovery:Providers:1"] = "Etcd" });

    public async ValueTask DisposeAsync()
    {
        await Consul.DisposeAsync();
        await Etcd.DisposeAsync();
    }

    private static Dictionary<string, string?> Merge(
        IReadOnlyDictionary<string, string?> consul, IReadOnlyDictionary<string, string?> etcd, IReadOnlyDictionary<string, string?> settings)
    {
        var environment = consul.Concat(etcd).Where(pair => pair.Key != Provider).DistinctBy(pair => pair.Key).ToDictionary();
        foreach (var (path, value) in settings)
        {
            environment[path.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return environment;
    }
}
