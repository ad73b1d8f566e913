using Discovery.Hosting.Configuration;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Lookup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Tests.Lookup;

public sealed class ClientOptionsTests
{
    public static TheoryData<string, string, string> Refused => new()
    {
        { "LoadBalancing", "Fastest", "Known policies: ConsistentHash, LeastRequests, PickFirst, PowerOfTwoChoices, Random, RoundRobin, WeightedRoundRobin" },
        { "Services:orders:LoadBalancing", "Fastest", "Known policies" },
        { "MaxWatchedServices", "0", "1 to 100000" },
        { "MaxWatchedServices", "many", "1 to 100000" },
        { "FirstAnswerTimeout", "3", "00:01:00" },
        { "FirstAnswerTimeout", "soon", "00:01:00" },
        { "EmptyHold", "-00:00:01", "01:00:00" },
        { "EmptyHold", "long", "01:00:00" },
        { "Static:legacy:0", "10.0.0.9:8080", "an absolute http or https URI" },
        { "Static:legacy:0", "http://me:secret@10.0.0.9", "without a user" },
        { "Dns:Enabled", "perhaps", "true or false" },
        { "Dns:Port", "0", "1 to 65535" },
        { "Dns:Port", "http", "1 to 65535" },
        { "Dns:Scheme", "ftp", "http or https" },
        { "Dns:Servers:0", "ns.example", "an IP address" },
        { "Dns:Suffix", ".example", "between dots" },
        { "Dns:Suffix", "example..", "between dots" },
        { "Dns:Suffix", "my domain.example", "letters, digits" },
        { "Dns:SrvPrefix", "_http._tcp.", "between dots" },
        { "Dns:SrvPrefix", new string('a', 64), "at most 63" },
    };

    [Theory]
    [InlineData("Dns:Suffix", "service.consul")]
    [InlineData("Dns:Suffix", "example.")]
    [InlineData("Dns:Suffix", "_tcp.bücher.example")]
    [InlineData("Dns:Suffix", "")]
    [InlineData("Dns:SrvPrefix", "_http._tcp")]
    public async Task Setting_OfDnsThatNamesADomain_IsAllowed(string key, string value)
    {
        await using var host = new LookupHost(settings: [new($"Discovery:Client:{key}", value)]);

        var dns = host.Services.GetRequiredService<ReloadableOptions<ClientOptions>>().Current.Dns;
        Assert.Equal(value, key == "Dns:Suffix" ? dns.Suffix : dns.SrvPrefix);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Setting_ThatIsNotAllowed_IsNamedWithWhatIs(string key, string value, string allowed)
    {
        var failure = await RefusalAsync($"Discovery:Client:{key}", value);

        var message = Assert.Single(failure.Failures);
        Assert.StartsWith($"Discovery:Client:{key} is '", message, StringComparison.Ordinal);
        Assert.Contains(allowed, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Services:no/name", "LoadBalancing", "Random")]
    [InlineData("Static:no/name", "0", "http://10.0.0.9")]
    public async Task ServiceName_ThatIsNone_IsNamed(string path, string key, string value)
    {
        var failure = await RefusalAsync($"Discovery:Client:{path}:{key}", value);

        Assert.StartsWith($"Discovery:Client:{path} is 'no/name'", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_LeftOut_HaveTheirDefaults()
    {
        await using var host = new LookupHost(settings: [new("Discovery:Client:CacheDirectory", null)]);

        var options = host.Services.GetRequiredService<ReloadableOptions<ClientOptions>>().Current;

        Assert.Equal("PowerOfTwoChoices", options.LoadBalancing);
        Assert.Equal(1000, options.MaxWatchedServices);
        Assert.Equal(TimeSpan.FromSeconds(3), options.FirstAnswerTimeout);
        Assert.Equal(TimeSpan.FromMinutes(1), options.EmptyHold);
        Assert.EndsWith(Path.Combine("discovery-hosting", "cache"), options.CacheDirectory, StringComparison.Ordinal);
        Assert.False(options.Dns.Enabled);
    }

    [Fact]
    public async Task Settings_AreRead()
    {
        await using var host = new LookupHost(settings:
        [
            new("Discovery:Client:LoadBalancing", "random"),
            new("Discovery:Client:Services:Orders:LoadBalancing", "PickFirst"),
            new("Discovery:Client:Static:legacy:0", "http://10.0.0.9:8080"),
            new("Discovery:Client:Dns:Servers:0", "[::1]:5353"),
            new("Discovery:Client:Dns:Port", "80"),
        ]);

        var options = host.Services.GetRequiredService<ReloadableOptions<ClientOptions>>().Current;

        Assert.Equal("random", options.PolicyFor("billing"));
        Assert.Equal("PickFirst", options.PolicyFor("orders"));
        Assert.Equal(["http://10.0.0.9:8080"], options.Static["legacy"]);
        Assert.Equal(["[::1]:5353"], options.Dns.Servers);
        Assert.Equal(80, options.Dns.Port);
    }

    [Fact]
    public async Task Settings_OfOneService_AreThoseOfAllButForWhatItSaysItself()
    {
        await using var host = new LookupHost(settings:
        [
            new("Discovery:Client:Outliers:ConsecutiveFailures", "7"),
            new("Discovery:Client:Outliers:BaseEjectionTime", "00:00:10"),
            new("Discovery:Client:SlowStart:Window", "00:01:00"),
            new("Discovery:Client:Services:Orders:Outliers:BaseEjectionTime", "00:00:20"),
            new("Discovery:Client:Services:Orders:ZonePreference:MinimumInstances", "4"),
            new("Discovery:Client:Services:Orders:KeyHeader", "X-Customer"),
        ]);

        var options = host.Services.GetRequiredService<ReloadableOptions<ClientOptions>>().Current;
        var (orders, others) = (BalancingSettings.Of(options, "orders"), BalancingSettings.Of(options, "billing"));

        Assert.Equal((7, TimeSpan.FromSeconds(20)), (orders.Outliers.ConsecutiveFailures, orders.Outliers.BaseEjectionTime));
        Assert.Equal((7, TimeSpan.FromSeconds(10)), (others.Outliers.ConsecutiveFailures, others.Outliers.BaseEjectionTime));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)), (orders.SlowStart.Window, others.SlowStart.Window));
        Assert.Equal((4, 1), (orders.ZonePreference.MinimumInstances, others.ZonePreference.MinimumInstances));
        Assert.Equal("X-Customer", options.For("orders")!.KeyHeader);
    }

    [Fact]
    public async Task BalancingSettings_LeftOut_AreThoseTheyAreSaidToBe()
    {
        await using var host = new LookupHost();

        var (zone, zones, outliers, slowStart, panic) = BalancingSettings.Of(host.Services.GetRequiredService<ReloadableOptions<ClientOptions>>().Current, "orders");

        Assert.Null(zone);
        Assert.Equal((true, 1.4, 1), (zones.Enabled, zones.Overprovisioning, zones.MinimumInstances));
        Assert.Equal((true, 5, 1, 10), (outliers.Enabled, outliers.ConsecutiveFailures, outliers.ConsecutiveConnectFailures, outliers.MaxEjectedPercent));
        Assert.Equal((10.0, 30.0, 1.0, 300.0), (outliers.Interval.TotalSeconds, outliers.BaseEjectionTime.TotalSeconds, outliers.BaseConnectEjectionTime.TotalSeconds, outliers.MaxEjectionTime.TotalSeconds));
        Assert.Equal((0.2, 5, 100, 1.9), (outliers.EjectionJitter, outliers.SuccessRateMinimumHosts, outliers.SuccessRateRequestVolume, outliers.SuccessRateStdevFactor));
        Assert.Equal((30.0, 10, 1.0), (slowStart.Window.TotalSeconds, slowStart.MinimumWeightPercent, slowStart.Aggression));
        Assert.Equal(50, panic);
    }

    [Fact]
    public async Task Settings_ReloadedWithAMistake_StayAsTheyWere()
    {
        await using var host = new LookupHost(settings: [new("Discovery:Client:LoadBalancing", "Random")]);
        var options = host.Services.GetRequiredService<ReloadableOptions<ClientOptions>>();
        Assert.Equal("Random", options.Current.LoadBalancing);

        host.Configuration["Discovery:Client:LoadBalancing"] = "Fastest";
        host.Configuration.Reload();

        Assert.Equal("Random", options.Current.LoadBalancing);
    }

    [Fact]
    public void AddLookup_Twice_AddsOnce()
    {
        var services = new ServiceCollection();
        services.AddLookup();
        var count = services.Count;

        services.AddLookup();

        Assert.Equal(count, services.Count);
    }

    private static async Task<OptionsValidationException> RefusalAsync(string path, string value)
    {
        await using var host = new LookupHost(settings: [new(path, value)]);
        return Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<ReloadableOptions<ClientOptions>>().Current);
    }
}
