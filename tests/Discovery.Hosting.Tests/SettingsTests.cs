using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Hosting.Tests;

/// <summary>Every bad setting stops the start with one message naming its path, its value and what is allowed.</summary>
public sealed class SettingsTests
{
    public static TheoryData<string, string, string> BadSettings => new()
    {
        // path, value, a part of what is allowed
        { "Discovery:Provider", "Zookeeper", "Known providers: Local, Consul, Etcd" },
        { "Discovery:Providers", "Consul,Etcd", "Discovery__Providers__0" },
        { "Discovery:Providers:0", "Zookeeper", "Known providers: Local, Consul, Etcd" },
        { "Discovery:RequireSecureRegistry", "yes", "true or false" },
        { "Discovery:Registration:Enabled", "on", "true or false" },
        { "Discovery:Registration:FailFast", "1", "true or false" },
        { "Discovery:Registration:ServiceName", "my orders", "a-z, 0-9" },
        { "Discovery:Registration:ServiceName", "-orders", "the first one a letter or digit" },
        { "Discovery:Registration:InstanceId", "a/b", "1 to 200 characters" },
        { "Discovery:Registration:Address", "http://10.0.0.1", "no URL" },
        { "Discovery:Registration:Address", "0.0.0.0", "no wildcard" },
        { "Discovery:Registration:Address", "169.254.1.1", "no link-local address" },
        { "Discovery:Registration:Address", "10.0.0.1:80", "no port" },
        { "Discovery:Registration:Port", "0", "from 1 to 65535" },
        { "Discovery:Registration:Port", "65536", "from 1 to 65535" },
        { "Discovery:Registration:Port", "http", "from 1 to 65535" },
        { "Discovery:Registration:Scheme", "h2", "http or grpc" },
        { "Discovery:Registration:Endpoints:0", "orders:80", "an absolute URI" },
        { "Discovery:Registration:Endpoints:0", "http://10.0.0.1:0", "a port above 0" },
        { "Discovery:Registration:Endpoints:0", "http://*:80", "no wildcard" },
        { "Discovery:Registration:Endpoints:0", "http://10.0.0.1/path", "no path" },
        { "Discovery:Registration:PreferredNetworks:0", "10.0.0.0", "CIDR" },
        { "Discovery:Registration:Version", "1\n2", "without control characters" },
        { "Discovery:Registration:Zone", "\u0001", "without control characters" },
        { "Discovery:Registration:Weight", "-1", "from 0 to 1000" },
        { "Discovery:Registration:Weight", "1001", "from 0 to 1000" },
        { "Discovery:Registration:Weight", "heavy", "from 0 to 1000" },
        { "Discovery:Registration:Tags:0", "a\tb", "without control characters" },
        { "Discovery:Registration:HealthTags:0", "\0", "without control characters" },
        { "Discovery:Registration:Metadata:key", "\u0007", "without control characters" },
        { "Discovery:Registration:Ttl", "00:00:01", "from 00:00:02" },
        { "Discovery:Registration:Ttl", "01:00:01", "to 01:00:00" },
        { "Discovery:Registration:Ttl", "15", "a bare number would be days" },
        { "Discovery:Registration:Ttl", "15s", "written hh:mm:ss" },
        { "Discovery:Registration:DrainDelay", "-00:00:01", "from 00:00:00" },
        { "Discovery:Registration:DrainDelay", "00:05:01", "to 00:05:00" },
        { "Discovery:Registration:DrainDelay", "00:00:28", "HostOptions.ShutdownTimeout, which is 00:00:30" },
        { "Discovery:Registration:DrainDelay", "soon", "written hh:mm:ss" },
        { "Discovery:Client:LoadBalancing", "Best", "Known policies: " },
        { "Discovery:Client:Services:orders:LoadBalancing", "Best", "Known policies: " },
        { "Discovery:Client:PanicThresholdPercent", "101", "from 0 to 100" },
        { "Discovery:Client:PanicThresholdPercent", "half", "from 0 to 100" },
        { "Discovery:Client:ConsistentHash:LoadFactor", "1", "from 1.01 to 100" },
        { "Discovery:Client:ConsistentHash:LoadFactor", "much", "from 1.01 to 100" },
        { "Discovery:Client:Outliers:Enabled", "on", "true or false" },
        { "Discovery:Client:Outliers:ConsecutiveFailures", "-1", "from 0 to 1000" },
        { "Discovery:Client:Outliers:ConsecutiveFailures", "five", "from 0 to 1000" },
        { "Discovery:Client:Outliers:ConsecutiveConnectFailures", "1001", "from 0 to 1000" },
        { "Discovery:Client:Outliers:Interval", "00:00:00.5", "00:00:01 to 00:10:00" },
        { "Discovery:Client:Outliers:Interval", "10", "a bare number would be days" },
        { "Discovery:Client:Outliers:BaseEjectionTime", "02:00:00", "00:00:01 to 01:00:00" },
        { "Discovery:Client:Outliers:BaseEjectionTime", "30s", "00:00:01 to 01:00:00" },
        { "Discovery:Client:Outliers:BaseConnectEjectionTime", "00:00:00", "00:00:00.1000000 to 01:00:00" },
        { "Discovery:Client:Outliers:MaxEjectionTime", "2.00:00:00", "00:00:01 to 1.00:00:00" },
        { "Discovery:Client:Outliers:EjectionJitter", "1.5", "from 0 to 1" },
        { "Discovery:Client:Outliers:MaxEjectedPercent", "-1", "from 0 to 100" },
        { "Discovery:Client:Outliers:SuccessRateMinimumHosts", "1", "from 2 to 1000" },
        { "Discovery:Client:Outliers:SuccessRateRequestVolume", "0", "from 1 to 1000000" },
        { "Discovery:Client:Outliers:SuccessRateStdevFactor", "-0.1", "from 0 to 10" },
        { "Discovery:Client:SlowStart:Window", "01:00:01", "00:00:00 to 01:00:00" },
        { "Discovery:Client:SlowStart:MinimumWeightPercent", "0", "from 1 to 100" },
        { "Discovery:Client:SlowStart:Aggression", "0", "from 0.1 to 10" },
        { "Discovery:Client:ZonePreference:Enabled", "maybe", "true or false" },
        { "Discovery:Client:ZonePreference:Overprovisioning", "0.9", "from 1 to 100" },
        { "Discovery:Client:ZonePreference:MinimumInstances", "0", "from 1 to 1000" },
        { "Discovery:Client:Services:orders:Outliers:ConsecutiveFailures", "-1", "from 0 to 1000" },
        { "Discovery:Client:Services:orders:Outliers:Interval", "soon", "00:00:01 to 00:10:00" },
        { "Discovery:Client:Services:orders:SlowStart:Aggression", "11", "from 0.1 to 10" },
        { "Discovery:Client:Services:orders:ZonePreference:MinimumInstances", "many", "from 1 to 1000" },
        { "Discovery:Client:Services:orders:KeyHeader", "X Key", "the name of a request header" },
        { "Discovery:Client:Zone", "\u0001", "without control characters" },
        { "Discovery:Client:MaxWatchedServices", "0", "from 1 to 100000" },
        { "Discovery:Client:MaxWatchedServices", "many", "from 1 to 100000" },
        { "Discovery:Client:FirstAnswerTimeout", "00:01:01", "to 00:01:00" },
        { "Discovery:Client:FirstAnswerTimeout", "3s", "to 00:01:00" },
        { "Discovery:Client:EmptyHold", "01:00:01", "to 01:00:00" },
        { "Discovery:Client:EmptyHold", "never", "to 01:00:00" },
        { "Discovery:Client:Static:legacy:0", "10.0.0.9:8080", "absolute http or https URI" },
        { "Discovery:Client:Dns:Enabled", "on", "true or false" },
        { "Discovery:Client:Dns:Port", "99999", "from 1 to 65535" },
        { "Discovery:Client:Resilience:TotalTimeout", "00:00:00", "to 01:00:00" },
        { "Discovery:Client:Resilience:TotalTimeout", "half a minute", "to 01:00:00" },
        { "Discovery:Client:Resilience:AttemptTimeout", "00:00:31", "to TotalTimeout" },
        { "Discovery:Client:Resilience:MaxRetries", "11", "from 0 to 10" },
        { "Discovery:Client:Resilience:RetryDelay", "-00:00:01", "to 00:01:00" },
        { "Discovery:Client:Resilience:RetryRatio", "NaN", "from 0 to 10" },
        { "Discovery:Client:Resilience:MinRetriesPerSecond", "-1", "from 0 to 100000" },
        { "Discovery:Client:Resilience:FailureRatio", "0", "above 0" },
        { "Discovery:Client:Resilience:MinimumThroughput", "1", "from 2" },
        { "Discovery:Client:Resilience:SamplingDuration", "00:00:00.5", "00:00:01 to" },
        { "Discovery:Client:Resilience:BreakDuration", "00:00:00.1", "00:00:00.500 to" },
        { "Discovery:Local:Directory", "relative/folder", "absolute path" },
        { "Discovery:Consul:Address", "consul:port", "" },
        { "Discovery:Consul:TokenFile", "/no/such/file", "readable file" },
        { "Discovery:Consul:Datacenter", "dc 1", "datacenter's name" },
        { "Discovery:Consul:Check", "Script", "Ttl, Http, Tcp, Grpc" },
        { "Discovery:Consul:CheckInterval", "00:00:00.5", "1 s to 1 h" },
        { "Discovery:Consul:CheckInterval", "often", "1 s to 1 h" },
        { "Discovery:Consul:CheckTimeout", "00:02:00", "100 ms to 1 min" },
        { "Discovery:Consul:CheckTimeout", "long", "100 ms to 1 min" },
        { "Discovery:Consul:CheckPath", "health", "begins with '/'" },
        { "Discovery:Consul:DeregisterCriticalServiceAfter", "00:00:30", "1 min to 30 days" },
        { "Discovery:Consul:DeregisterCriticalServiceAfter", "soon", "1 min to 30 days" },
        { "Discovery:Consul:MaxConnections", "0", "6 to 1000" },
        { "Discovery:Consul:MaxConnections", "all", "6 to 1000" },
        { "Discovery:Consul:Tls:CaCertificatePath", "/no/such/ca.pem", "readable PEM file" },
        { "Discovery:Consul:Tls:ServerName", "not a name", "DNS name" },
        { "Discovery:Etcd:Endpoints:0", "10.0.0.1:2379", "http or https URL" },
        { "Discovery:Etcd:PasswordFile", "/no/such/file", "readable file" },
        { "Discovery:Etcd:KeyPrefix", "a b", "printable ASCII" },
        { "Discovery:Etcd:Layout", "Kratos9", "known layouts" },
        { "Discovery:Etcd:AlsoWrite:0", "Nothing", "known layouts" },
        { "Discovery:Etcd:Tls:CaCertificatePath", "/no/such/ca.pem", "readable PEM file" },
    };

    public static TheoryData<string, string, string> MissingCompanions => new()
    {
        // what is set, its value, what is missing
        { "Discovery:Consul:Tls:ClientCertificatePath", "/some/cert.pem", "Discovery:Consul:Tls:ClientKeyPath" },
        { "Discovery:Etcd:Tls:ClientKeyPath", "/some/key.pem", "Discovery:Etcd:Tls:ClientCertificatePath" },
        { "Discovery:Etcd:Username", "root", "Discovery:Etcd:Password" },
        { "Discovery:Etcd:Password", "canary-secret", "Discovery:Etcd:Username" },
    };

    [Theory]
    [MemberData(nameof(BadSettings))]
    public async Task Start_WithABadSetting_StopsNamingPathValueAndWhatIsAllowed(string path, string value, string allowed)
    {
        var failure = await StartFailingAsync(new() { [path] = value });

        Assert.Contains($"{path} is '", failure.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, failure.Message, StringComparison.Ordinal);
        if (path != "Discovery:Registration:Ttl" || value != "15")
        {
            Assert.Contains($"{path} is '{value}", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(MissingCompanions))]
    public async Task Start_WithASettingThatNeedsAnother_StopsNamingTheOneThatIsMissing(string path, string value, string missing)
    {
        var failure = await StartFailingAsync(new() { [path] = value });
        Assert.StartsWith($"{missing} is not set", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Discovery:Consul:CheckInterval", "often")]
    [InlineData("Discovery:Etcd:Endpoints:0", "nonsense")]
    public async Task Start_WithABadSettingOfAProviderThatIsNotUsed_Starts(string path, string value)
    {
        using var folder = new TemporaryFolder();
        await using var app = Build(new() { [path] = value, ["Discovery:Local:Directory"] = folder.Path, ["Discovery:Client:CacheDirectory"] = "" });
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_WithANullInTheMetadata_RegistersWithoutIt()
    {
        using var folder = new TemporaryFolder();
        await using var app = Build(new()
        {
            ["Discovery:Registration:ServiceName"] = "orders",
            ["Discovery:Registration:Metadata:team"] = null,
            ["Discovery:Registration:Metadata:commit"] = "4711",
            ["Discovery:Local:Directory"] = folder.Path,
            ["Discovery:Client:CacheDirectory"] = "",
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var discovery = app.Services.GetRequiredService<IServiceDiscovery>();

        var found = await Eventually.IsAsync(
            async () => (await discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken)).Instances,
            instances => instances.Count == 1,
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("4711", found[0].Metadata["commit"]);
        Assert.DoesNotContain("team", found[0].Metadata.Keys);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_WithSeveralBadSettings_NamesThemAllInOneMessage()
    {
        var failure = await StartFailingAsync(new()
        {
            ["Discovery:Registration:Weight"] = "-1",
            ["Discovery:Registration:ServiceName"] = "?",
            ["Discovery:Registrations:admin:Port"] = "99999",
        });

        Assert.Contains("Discovery:Registration:Weight is '-1'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Discovery:Registration:ServiceName is '?'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Discovery:Registrations:admin:Port is '99999'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithMoreEndpointsThanReadersBelieve_StopsNamingThem()
    {
        var failure = await StartFailingAsync(Enumerable.Range(0, 33).ToDictionary(i => $"Discovery:Registration:Endpoints:{i}", i => (string?)$"http://10.0.0.1:{8000 + i}"));
        Assert.Equal("Discovery:Registration:Endpoints is '33 endpoints'; allowed is at most 32 endpoints.", failure.Message.Trim());
    }

    [Fact]
    public async Task Start_WithTtlInDays_SaysSo()
    {
        var failure = await StartFailingAsync(new() { ["Discovery:Registration:Ttl"] = "15" });
        Assert.Contains("(15 days)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Address", "10.0.0.1")]
    [InlineData("Port", "80")]
    public async Task Start_WithEndpointsAndAnotherAddress_StopsNamingIt(string key, string value)
    {
        var failure = await StartFailingAsync(new()
        {
            ["Discovery:Registration:Endpoints:0"] = "http://10.0.0.1:80",
            [$"Discovery:Registration:{key}"] = value,
        });
        Assert.Contains($"Discovery:Registration:{key} is '{value}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartFailure_AsText_IsTheMessageWithoutAStackTrace()
    {
        var failure = await StartFailingAsync(new() { ["Discovery:Registration:Weight"] = "-1" });
        Assert.Equal(failure.Message, failure.ToString());
    }

    [Fact]
    public async Task Start_WithABadSettingOfARegistrationThatIsNotEnabled_Starts()
    {
        await using var app = Build(new()
        {
            ["Discovery:Registration:Enabled"] = "false",
            ["Discovery:Registration:Weight"] = "-1",
            ["Discovery:Registrations:admin:Enabled"] = "false",
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_WithABadSettingAndAServiceThatNeedsDiscovery_StopsWithTheMessageAlone()
    {
        await using var app = Build(new() { ["Discovery:Client:EmptyHold"] = "never" }, services => services.AddHostedService<Caller>());
        var failure = await Assert.ThrowsAsync<DiscoveryStartupException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("Discovery:Client:EmptyHold is 'never'", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<DiscoveryStartupException> StartFailingAsync(Dictionary<string, string?> settings)
    {
        await using var app = Build(settings);
        var failure = await Assert.ThrowsAsync<DiscoveryStartupException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Empty(app.Urls); // no port was bound
        return failure;
    }

    private static WebApplication Build(Dictionary<string, string?> settings, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var provider = settings.Keys.Select(key => key.Split(':')[1]).FirstOrDefault(name => name is "Consul" or "Etcd");
        if (provider is not null && !settings.ContainsKey("Discovery:Client:CacheDirectory"))
        {
            settings["Discovery:Provider"] = provider; // settings of a provider count only where it is used
        }

        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddServiceRegistration();
        builder.Services.AddServiceRegistration("admin");
        builder.Services.AddHttpClient("orders").AddDiscovery();
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class Caller(IServiceDiscovery discovery) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken) => await discovery.GetServicesAsync(stoppingToken);
    }
}
