using Discovery.Consul.Configuration;
using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Discovery.Consul.Tests.Configuration;

public sealed class ConsulOptionsTests
{
    private const string Canary = "canary-secret";

    [Theory]
    [InlineData("Address", "ftp://consul:8500", "http or https")]
    [InlineData("Address", "http://consul:8500/path", "without a path")]
    [InlineData("Address", "http://consul:99999", "http or https")]
    [InlineData("Address", "unix:///var/run/consul.sock", "http or https")]
    [InlineData("Check", "Script", "Ttl, Http, Tcp, Grpc")]
    [InlineData("Check", "1", "Ttl, Http, Tcp, Grpc")]
    [InlineData("Check", "+1", "Ttl, Http, Tcp, Grpc")]
    [InlineData("Check", "Ttl,Http", "Ttl, Http, Tcp, Grpc")]
    [InlineData("Check", "", "Ttl, Http, Tcp, Grpc")]
    [InlineData("CheckInterval", "soon", "1 s to 1 h")]
    [InlineData("CheckInterval", "00:00:00.5000000", "1 s to 1 h")]
    [InlineData("CheckInterval", "10", "1 s to 1 h", "10.00:00:00 (10 days)")]
    [InlineData("CheckTimeout", "00:00:00.0100000", "100 ms to 1 min")]
    [InlineData("CheckTimeout", "x", "100 ms to 1 min")]
    [InlineData("CheckPath", "health", "begins with '/'")]
    [InlineData("DeregisterCriticalServiceAfter", "00:00:30", "1 min to 30 days")]
    [InlineData("DeregisterCriticalServiceAfter", "never", "1 min to 30 days")]
    [InlineData("MaxConnections", "5", "6 to 1000")]
    [InlineData("MaxConnections", "1001", "6 to 1000")]
    [InlineData("MaxConnections", "many", "6 to 1000")]
    [InlineData("Datacenter", "dc 1", "datacenter's name")]
    [InlineData("TokenFile", "/no/such/file", "readable file")]
    [InlineData("Tls:CaCertificatePath", "/no/such/file", "readable PEM file")]
    [InlineData("Compatibility:0", "Dubbo", "Kratos, GoMicro, Kitex, Spring")]
    [InlineData("Compatibility:0", "1", "Kratos, GoMicro, Kitex, Spring")]
    [InlineData("Tls:ServerName", "not a name", "DNS name")]
    public void Create_BadSetting_NamesPathValueAndWhatIsAllowed(string key, string value, string allowed, string? shown = null)
    {
        var failure = Assert.Single(Failures(($"Discovery:Consul:{key}", value)));

        Assert.StartsWith($"Discovery:Consul:{key} is '{shown ?? value}'", failure, StringComparison.Ordinal);
        Assert.Contains(allowed, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TokenAndTokenFile_IsAnErrorThatShowsNoSecret()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("token", Canary);

        var failure = Assert.Single(Failures(("Discovery:Consul:Token", Canary), ("Discovery:Consul:TokenFile", file)));

        Assert.StartsWith("Discovery:Consul:TokenFile is", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Discovery:Consul:Address", "http://user:" + Canary + "@consul:8500")]
    [InlineData("CONSUL_HTTP_ADDR", "http://user:" + Canary + "@consul:8500")]
    [InlineData("Discovery:Consul:Token", Canary + "\nX-Other: 1")]
    public void Create_SecretInABadSetting_IsNotShown(string path, string value)
    {
        var failure = Assert.Single(Failures((path, value)));

        Assert.StartsWith($"{path} is '", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_Environment_FillsWhatIsUnset()
    {
        var options = Options(
            ("CONSUL_HTTP_ADDR", "consul.internal:8501"), ("CONSUL_HTTP_SSL", "true"), ("CONSUL_HTTP_TOKEN", "t"),
            ("CONSUL_CACERT", "/ca"), ("CONSUL_CLIENT_CERT", "/cert"), ("CONSUL_CLIENT_KEY", "/key"), ("CONSUL_TLS_SERVER_NAME", "name"));

        Assert.Equal("https://consul.internal:8501", options.Address);
        Assert.Equal("t", options.Token);
        Assert.Equal(("/ca", "/cert", "/key", "name"), (options.Tls.CaCertificatePath, options.Tls.ClientCertificatePath, options.Tls.ClientKeyPath, options.Tls.ServerName));
    }

    [Fact]
    public void Options_EnvironmentAndSettings_SettingsWin()
    {
        var options = Options(
            ("CONSUL_HTTP_ADDR", "https://other:8501"), ("CONSUL_HTTP_TOKEN", "t"), ("CONSUL_HTTP_TOKEN_FILE", "/f"), ("CONSUL_CLIENT_KEY", "/key"),
            ("Discovery:Consul:Address", "127.0.0.1:8500"), ("Discovery:Consul:Token", "mine"), ("Discovery:Consul:Tls:ClientCertificatePath", "/mine"));

        Assert.Equal("127.0.0.1:8500", options.Address);
        Assert.Equal("mine", options.Token);
        Assert.Null(options.TokenFile);
        Assert.Equal(("/mine", null), (options.Tls.ClientCertificatePath, options.Tls.ClientKeyPath));
    }

    [Fact]
    public void Options_Nothing_AreTheDefaults()
    {
        var options = Options();

        Assert.Equal("http://127.0.0.1:8500", options.Address);
        Assert.Equal("Ttl", options.Check);
        Assert.Null(options.Token);
    }

    [Theory]
    [InlineData("consul:8500", null, "Consul http://consul:8500")]
    [InlineData("https://consul.example", "dc2", "Consul https://consul.example (dc2)")]
    [InlineData("http://[::1]:8500", null, "Consul http://[::1]:8500")]
    public async Task Create_Address_IsDescriptionAndEndpoint(string address, string? datacenter, string description)
    {
        await using var services = Services(("Discovery:Consul:Address", address), ("Discovery:Consul:Datacenter", datacenter));

        await using var registry = services.GetServices<IServiceRegistryFactory>().Single(f => f.Name == "Consul").Create();

        Assert.Equal(description, registry.Description);
        Assert.Single(registry.Endpoints);
    }

    [Fact]
    public void ToString_Token_IsNotShown()
    {
        var options = new ConsulOptions { Address = $"http://u:{Canary}@consul", Token = Canary };

        Assert.DoesNotContain(Canary, options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddConsulServiceRegistry_Twice_IsOneFactory()
    {
        await using var services = new ServiceCollection().AddConsulServiceRegistry().AddConsulServiceRegistry()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).BuildServiceProvider();

        Assert.Single(services.GetServices<IServiceRegistryFactory>());
    }

    private static ConsulOptions Options(params (string, string?)[] settings)
    {
        var configuration = Configuration(settings);
        var options = new ConsulOptions();
        new ConsulOptionsSetup(configuration).Configure(options);
        new ConsulEnvironment(configuration).PostConfigure(null, options);
        return options;
    }

    private static IEnumerable<string> Failures(params (string, string?)[] settings)
    {
        using var services = Services(settings);
        var factory = services.GetRequiredService<IServiceRegistryFactory>();
        return Assert.Throws<OptionsValidationException>(factory.Create).Failures;
    }

    private static ServiceProvider Services(params (string, string?)[] settings) =>
        new ServiceCollection().AddConsulServiceRegistry().AddSingleton(Configuration(settings)).BuildServiceProvider();

    private static IConfiguration Configuration((string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();
}
