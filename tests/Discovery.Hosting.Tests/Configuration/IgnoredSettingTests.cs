using Discovery.Hosting.Configuration;
using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Configuration;

/// <summary>A setting that has no effect is warned about: mistyped, in the wrong section, or one value where there should be several.</summary>
public sealed class IgnoredSettingTests : IDisposable
{
    private readonly ListLoggerProvider _logs = new();

    public static TheoryData<string, string, string> NearMisses => new()
    {
        // path, what is told of it, what is meant
        { "Discovery:Registration:Weigth", "Discovery:Registration:Weigth", "Discovery:Registration:Weight" },
        { "DISCOVERY:REGISTRATION:DRAINDELEY", "Discovery:REGISTRATION:DRAINDELEY", "Discovery:REGISTRATION:DrainDelay" },
        { "Discovery:Regsitration:Weight", "Discovery:Regsitration", "Discovery:Registration" },
        { "Discovery:Registrations:admn:Port", "Discovery:Registrations:admn", "Discovery:Registrations:admin" },
        { "Discovery:Consul:Adress", "Discovery:Consul:Adress", "Discovery:Consul:Address" },
        { "Discovery:Etcd:Endpoint", "Discovery:Etcd:Endpoint", "Discovery:Etcd:Endpoints" },
        { "Discovery:Etcd:Tls:CaCertificatPath", "Discovery:Etcd:Tls:CaCertificatPath", "Discovery:Etcd:Tls:CaCertificatePath" },
        { "Discovery:Client:Services:orders:LoadBalancer", "Discovery:Client:Services:orders:LoadBalancer", "Discovery:Client:Services:orders:LoadBalancing" },
        { "Discovery:Client:Resilience:MaxRetry", "Discovery:Client:Resilience:MaxRetry", "Discovery:Client:Resilience:MaxRetries" },
        { "Discovery:LoadBalancing", "Discovery:LoadBalancing", "Discovery:Client:LoadBalancing" },
        { "Discovery:Weight", "Discovery:Weight", "Discovery:Registration:Weight or Discovery:Registrations:admin:Weight" },
    };

    public void Dispose() => _logs.Dispose();

    [Fact]
    public void Settings_AllThatThereAre_AreWarnedAboutOnlyWhereTheyAreMistyped()
    {
        var paths = Named(SettingTree.Root).ToList();
        Assert.Empty(Warnings([.. paths.Where(setting => setting.SchemaType is not ("object" or "array")).Select(setting => (Filled(setting), "0"))]));

        var mistyped = Warnings([.. paths.Select(setting => ($"{Filled(setting)}x", "0"))]);
        Assert.Equal(
            paths.Select(setting => $"{Filled(setting)}x is set and has no effect: there is no such setting. Did you mean {Filled(setting)}?").Order(StringComparer.Ordinal),
            mistyped.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Setting_ThatThereIsNot_IsWarnedAboutWithWhatIsMeant(string path, string told, string meant) =>
        Assert.Equal($"{told} is set and has no effect: there is no such setting. Did you mean {meant}?", Assert.Single(Warnings((path, "canary-secret"))));

    [Fact]
    public void Setting_LikeNone_IsWarnedAboutWithThoseThatThereAre() =>
        Assert.Equal(
            "Discovery:Etcd:Tls:Pem is set and has no effect: there is no such setting. Discovery:Etcd:Tls has CaCertificatePath, ClientCertificatePath, ClientKeyPath, ServerName.",
            Assert.Single(Warnings(("Discovery:Etcd:Tls:Pem", "1"))));

    [Theory]
    [InlineData("Discovery:Registration:Tags", "a,b", "it is a list, of which each entry has a key: Discovery:Registration:Tags:0 and so on.")]
    [InlineData("Discovery:Etcd:Endpoints", "http://etcd:2379", "it is a list, of which each entry has a key: Discovery:Etcd:Endpoints:0 and so on.")]
    [InlineData("Discovery:Client:Static:legacy", "http://legacy", "it is a list, of which each entry has a key: Discovery:Client:Static:legacy:0 and so on.")]
    [InlineData("Discovery:Registration:Metadata", "a=b", "it is a section, which has no value of its own.")]
    [InlineData("Discovery:Client", "off", "it is a section, which has no value of its own.")]
    [InlineData("Discovery:Client:Services:orders", "RoundRobin", "it is a section, which has no value of its own.")]
    [InlineData("Discovery:Registration:Weight:0", "5", "Discovery:Registration:Weight has one value, and nothing below it.")]
    [InlineData("Discovery:Registration:Tags:0:name", "blue", "Discovery:Registration:Tags:0 has one value, and nothing below it.")]
    [InlineData("Discovery:Registration:Metadata:team:lead", "Ann", "Discovery:Registration:Metadata:team has one value, and nothing below it.")]
    public void Value_WhereItDoesNotBelong_IsWarnedAbout(string path, string value, string reason) =>
        Assert.Equal($"{path} is set and has no effect: {reason}", Assert.Single(Warnings((path, value))));

    [Fact]
    public void Names_ThatTheUserChooses_AreNotWarnedAbout() =>
        Assert.Empty(Warnings(
            ("Discovery:Registration:Metadata:weigth", "1"),
            ("Discovery:Registrations:admin:Metadata:Ttll", "1"),
            ("Discovery:Client:Services:my.orders-2:KeyHeader", "X-Customer"),
            ("Discovery:Client:Static:legacy:0", "http://10.0.0.9:8080"),
            ("Discovery:Registration:Tags:0", "blue"),
            ("Discovery:Registration:HealthTags", ""),
            ("Logging:LogLevel:Discovery", "Debug"),
            ("DiscoveryX:Weigth", "1")));

    [Fact]
    public void Environment_WithAMistypedVariable_IsWarnedAbout()
    {
        using var variables = new EnvironmentVariables("IGNORED_Discovery__Registration__Weigth");
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("IGNORED_").Build();
        Assert.Equal("Discovery:Registration:Weigth is set and has no effect: there is no such setting. Did you mean Discovery:Registration:Weight?", Assert.Single(Warnings(configuration)));
    }

    [Fact]
    public void SectionOfACustomRegistry_IsWarnedAboutOnceItsSettingsAreKnown()
    {
        (string, string)[] settings = [("Discovery:InMemory:Sise", "1"), ("Discovery:InMemory:Size", "1"), ("Discovery:InMemory:Shards:0:Naem", "a"), ("Discovery:InMemory:Extra:Any", "a")];
        Action<IServiceCollection> registry = services => services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(new(TimeProvider.System)));
        Assert.Empty(Warnings(settings, registry));

        Assert.Equal(
            "Discovery:InMemory:Sise is set and has no effect: there is no such setting. Did you mean Discovery:InMemory:Size?",
            Assert.Single(Warnings(settings, registry + (services => services.AddKnownSettings<MemoryOptions>("Discovery:InMemory").AddKnownSettings<MemoryOptions>("Discovery:InMemory")))));

        Assert.Equal(2, Warnings(settings, services => services.AddKnownSettings<MemoryOptions>("Discovery:InMemory").AddKnownSettings<ShardOptions>("Discovery:InMemory:Shards:*")).Count);
    }

    [Fact]
    public void Reload_WithFurtherMistypedSettings_WarnsOfEachOnce()
    {
        var configuration = new ConfigurationManager { ["Discovery:Registration:Weigth"] = "1" };
        using var provider = Build(configuration);
        provider.GetRequiredService<IgnoredSettingWarnings>().Begin();
        Assert.Single(Told());

        configuration["Discovery:Registration:weigth"] = "2";
        configuration["Discovery:Registration:Ttll"] = "00:00:30";
        Reload();
        Reload();
        Assert.Equal(["Discovery:Registration:Weigth", "Discovery:Registration:Ttll"], Told().Select(warning => warning.Split(' ')[0]));

        provider.Dispose();
        configuration["Discovery:Registration:Zoen"] = "a";
        Reload();
        Assert.Equal(2, Told().Count);

        void Reload() => ((IConfigurationRoot)configuration).Reload();
    }

    [Fact]
    public async Task Start_WithAMistypedSetting_SucceedsAndOneThatIsNotAllowedIsToldBesides()
    {
        await using var registry = new InMemoryServiceRegistry(TimeProvider.System);
        var builder = ShopApp.CreateBuilder(registry);
        builder.Logging.AddProvider(_logs);
        builder.Configuration["Discovery:Registration:Weigth"] = "1";
        await using (var app = builder.Build())
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Single(Told());
        builder = ShopApp.CreateBuilder(registry);
        builder.Logging.AddProvider(_logs);
        builder.Configuration["Discovery:Registration:Ttll"] = "1";
        builder.Configuration["Discovery:Registration:Ttl"] = "soon";
        await using var refused = builder.Build();
        await Assert.ThrowsAsync<DiscoveryStartupException>(() => refused.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, Told().Count);
    }

    private static IEnumerable<SettingTree> Named(SettingTree setting) =>
        (setting.Name is "*" or "Discovery" ? [] : new[] { setting }).Concat(setting.Settings.Concat(setting.Element is { } element ? [element] : []).SelectMany(Named));

    private static string Filled(SettingTree setting) => setting.Path.Replace("Registrations:*", "Registrations:admin", StringComparison.Ordinal).Replace('*', '0');

    private List<string> Warnings(params (string Path, string Value)[] settings) => Warnings(settings, _ => { });

    private List<string> Warnings((string Path, string Value)[] settings, Action<IServiceCollection> configure) => Warnings(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Path, (string?)setting.Value))).Build(), configure);

    private List<string> Warnings(IConfiguration configuration, Action<IServiceCollection>? configure = null)
    {
        var before = Told().Count;
        using var provider = Build(configuration, configure);
        provider.GetRequiredService<IgnoredSettingWarnings>().Begin();
        return [.. Told().Skip(before)];
    }

    private ServiceProvider Build(IConfiguration configuration, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddSingleton<IHostEnvironment>(new HostingEnvironment())
            .AddLogging(logging => logging.AddProvider(_logs))
            .AddServiceRegistration()
            .AddServiceRegistration("admin");
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private List<string> Told() => [.. _logs.Of(4).Select(entry => entry.Message)];

    private sealed class MemoryOptions
    {
        public int Size { get; set; }

        public IList<ShardOptions> Shards { get; } = [];

        public object? Extra { get; set; }
    }

    private sealed class ShardOptions
    {
        public string? Name { get; set; }
    }

    private sealed class EnvironmentVariables : IDisposable
    {
        private readonly string _name;

        public EnvironmentVariables(string name)
        {
            _name = name;
            Environment.SetEnvironmentVariable(name, "1");
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, null);
    }
}
