using Discovery.Testing.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Benchmarks.Harness;

/// <summary>Our providers over real servers, in this process.</summary>
internal static class Providers
{
    public static KeyValuePair<string, string?>[] Of(EtcdServer server) => Etcd(server.Endpoint);

    public static KeyValuePair<string, string?>[] Of(ConsulServer server) => Consul(server.Address);

    public static KeyValuePair<string, string?>[] Etcd(Uri address) =>
        [new("Discovery:Provider", "Etcd"), new("Discovery:Etcd:Endpoints:0", address.ToString()), new("Discovery:Client:CacheDirectory", "")];

    public static KeyValuePair<string, string?>[] Consul(Uri address) =>
        [new("Discovery:Provider", "Consul"), new("Discovery:Consul:Address", address.ToString()), new("Discovery:Client:CacheDirectory", "")];

    public static ServiceProvider Client(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Benchmark" });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddDiscoveryClient();
        return services.BuildServiceProvider();
    }

    /// <summary>What etcd and Consul hold for one instance, written past all of our code.</summary>
    public static string EtcdValue(string id) => $$"""{"id":"{{id}}","name":"orders","version":"1.0","endpoints":["http://10.0.0.1:8080"],"weight":100,"tags":[],"metadata":{},"health":"healthy"}""";

    public static string ConsulRegistration(string id) => $$"""{"ID":"{{id}}","Name":"orders","Address":"10.0.0.1","Port":8080}""";
}
