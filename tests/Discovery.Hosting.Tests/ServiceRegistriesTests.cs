using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Tests;

public sealed class ServiceRegistriesTests
{
    private const string Token = "canary-secret";

    public static TheoryData<string, string, bool, string?> Exposures => new()
    {
        // address, token, is in development, what is warned of
        { "http://127.0.0.1:8500", "", false, null },
        { "http://127.0.0.1:8500", Token, false, null },
        { "https://consul.internal:8501", Token, false, null },
        { "https://consul.internal:8501", "", false, "without a credential" },
        { "http://consul.internal:8500", "", false, "without a credential" },
        { "http://consul.internal:8500", Token, false, "in clear text" },
        { "http://consul.internal:8500", Token, true, null },
    };

    [Theory]
    [MemberData(nameof(Exposures))]
    public void InUse_OfAnExposedRegistry_IsWarnedAboutOnceOutsideDevelopment(string address, string token, bool isDevelopment, string? expected)
    {
        using var logs = new ListLoggerProvider();
        using var provider = Build(address, token, isDevelopment, require: false, logs);
        _ = provider.GetRequiredService<ServiceRegistries>().InUse;
        _ = provider.GetRequiredService<ServiceRegistries>().InUse;

        var warnings = logs.Entries.Where(entry => entry.EventId.Name == "RegistryExposed").Select(entry => entry.Message).ToList();
        Assert.Equal(expected is null ? 0 : 1, warnings.Count);
        Assert.All(warnings, warning => Assert.Contains(expected!, warning, StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Entries, entry => entry.Message.Contains(Token, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Exposures))]
    public void InUse_OfAnExposedRegistryWhereASecureOneIsRequired_Throws(string address, string token, bool isDevelopment, string? expected)
    {
        using var logs = new ListLoggerProvider();
        using var provider = Build(address, token, isDevelopment, require: true, logs);
        if (expected is null && !isDevelopment)
        {
            Assert.Single(provider.GetRequiredService<ServiceRegistries>().InUse);
            return;
        }

        var failure = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ServiceRegistries>().InUse);
        Assert.StartsWith("Discovery:RequireSecureRegistry is 'True'", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development", 0)]
    [InlineData("Production", 1)]
    public void InUse_WithoutAProvider_IsLocalAndSaidOutsideDevelopment(string environment, int warnings)
    {
        using var logs = new ListLoggerProvider();
        using var provider = Build([], environment, logs);
        Assert.StartsWith("Local ", Assert.Single(provider.GetRequiredService<ServiceRegistries>().InUse).Description, StringComparison.Ordinal);
        Assert.Equal(warnings, logs.Entries.Count(entry => entry.EventId.Name == "ProviderNotSet"));
    }

    [Theory]
    [InlineData("consul")]
    [InlineData(" Consul ")]
    public void InUse_OfAProviderWrittenOtherwise_IsFound(string name)
    {
        using var logs = new ListLoggerProvider();
        using var provider = Build(new() { ["Discovery:Provider"] = name }, "Development", logs);
        Assert.StartsWith("Consul ", Assert.Single(provider.GetRequiredService<ServiceRegistries>().InUse).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void InUse_OfSeveralProviders_AreAllOfThemInTheirOrder()
    {
        using var logs = new ListLoggerProvider();
        using var provider = Build(new() { ["Discovery:Providers:0"] = "Etcd", ["Discovery:Providers:1"] = " consul ", ["Discovery:Provider"] = "" }, "Production", logs);

        Assert.Equal(["Etcd", "Consul"], provider.GetRequiredService<ServiceRegistries>().InUse.Select(registry => registry.Description.Split(' ')[0]));
        Assert.DoesNotContain(logs.Entries, entry => entry.EventId.Name == "ProviderNotSet");
    }

    [Fact]
    public void InUse_OfOneProviderAndSeveral_ThrowsNamingBothSettings()
    {
        var failure = FailureOf(("Discovery:Provider", "Consul"), ("Discovery:Providers:0", "Consul"), ("Discovery:Providers:1", "Etcd"));
        Assert.Equal("Discovery:Provider is 'Consul', and Discovery:Providers is 'Consul, Etcd'; allowed is one of the two.", Assert.Single(failure));
    }

    [Theory]
    [InlineData("Zookeeper", "Discovery:Providers:1 is 'Zookeeper'; allowed is the name of a known provider. Known providers: Local, Consul, Etcd.")]
    [InlineData("", "Discovery:Providers:1 is ''; allowed is the name of a known provider. Known providers: Local, Consul, Etcd.")]
    [InlineData("CONSUL", "Discovery:Providers:1 is 'CONSUL'; allowed is each provider once.")]
    public void InUse_OfAnUnknownOrDoubledProvider_ThrowsNamingItsPlace(string name, string expected) =>
        Assert.Equal(expected, Assert.Single(FailureOf(("Discovery:Providers:0", "Consul"), ("Discovery:Providers:1", name))));

    [Fact]
    public void InUse_OfSeveralProvidersWithBadSettings_NamesTheSettingsOfEach()
    {
        var failures = FailureOf(
            ("Discovery:Providers:0", "Consul"), ("Discovery:Providers:1", "Etcd"), ("Discovery:Consul:Check", "?"), ("Discovery:Etcd:KeyPrefix", "a b"));
        Assert.Equal(["Discovery:Consul:Check is '?'", "Discovery:Etcd:KeyPrefix is 'a b'"], failures.Select(failure => failure.Split(';')[0]));
    }

    [Fact]
    public async Task Dispose_OfTheContainer_WorksSynchronouslyToo()
    {
        using var folder = new TemporaryFolder();
        using var logs = new ListLoggerProvider();
        var provider = Build(new() { ["Discovery:Local:Directory"] = folder.Path, ["Discovery:Client:CacheDirectory"] = "" }, "Development", logs);
        var discovery = provider.GetRequiredService<IServiceDiscovery>();
        Assert.Empty((await discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken)).Instances);

        provider.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => discovery.GetInstancesAsync("billing", TestContext.Current.CancellationToken).AsTask());
    }

    private static IReadOnlyList<string> FailureOf(params (string Path, string Value)[] settings)
    {
        using var logs = new ListLoggerProvider();
        using var provider = Build(settings.ToDictionary(setting => setting.Path, setting => (string?)setting.Value), "Development", logs);
        return [.. Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ServiceRegistries>().InUse).Failures];
    }

    private static ServiceProvider Build(string address, string token, bool isDevelopment, bool require, ListLoggerProvider logs) => Build(
        new()
        {
            ["Discovery:Provider"] = "Consul",
            ["Discovery:RequireSecureRegistry"] = require.ToString(),
            ["Discovery:Consul:Address"] = address,
            ["Discovery:Consul:Token"] = token,
        },
        isDevelopment ? "Development" : "Production",
        logs);

    private static ServiceProvider Build(Dictionary<string, string?> settings, string environment, ListLoggerProvider logs) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .AddSingleton<IHostEnvironment>(new TestEnvironment(environment))
        .AddLogging(logging => logging.AddProvider(logs))
        .AddDiscoveryClient()
        .BuildServiceProvider();

    private sealed class TestEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "TestApp";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
