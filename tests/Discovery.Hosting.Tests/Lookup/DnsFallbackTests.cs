namespace Discovery.Hosting.Tests.Lookup;

/// <summary>The domain name system, where there is nothing better.</summary>
public sealed class DnsFallbackTests : IAsyncDisposable
{
    private const int DnsFailed = 205;
    private const int NodeLength = 15; // of node1.example in an answer
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly LoopbackDnsServer _dns = new();

    /// <summary>What somebody else may send in a name server's place, or a broken one itself.</summary>
    public static TheoryData<string, Func<byte[], byte[]>> Nonsense => new()
    {
        { "nothing", _ => [] },
        { "the answer to another question", answer => [(byte)(answer[0] ^ 1), .. answer[1..]] },
        { "a name that is its own end", answer => [.. answer[..^NodeLength], (byte)(0xC0 | ((answer.Length - NodeLength) >> 8)), (byte)(answer.Length - NodeLength)] },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dns_OfServiceRecords_GivesAddressAndPort()
    {
        _dns.AddService("_http._tcp.orders.example", "node1.example", 8081);
        _dns.AddService("_http._tcp.orders.example", "node2.example", 8082, weight: 3);
        _dns.AddService("_http._tcp.orders.example", "spare.example", 8083, priority: 9);
        _dns.AddAddress("node1.example", "10.0.0.1");
        _dns.AddAddress("node2.example", "fd00::2");
        await using var host = CreateWithDns(("SrvPrefix", "_http._tcp"));

        var snapshot = await LookUpAsync(host);

        Assert.Equal(SnapshotSource.Dns, snapshot.Source);
        Assert.Equal(
            ["http://10.0.0.1:8081/", "http://[fd00::2]:8082/"],
            snapshot.Instances.Select(instance => instance.Endpoints[0].AbsoluteUri).Order(StringComparer.Ordinal));
        Assert.Equal([1, 3], snapshot.Instances.Select(instance => instance.Weight).Order());
    }

    [Fact]
    public async Task Dns_OfAddressesOnly_GivesTheConfiguredPort()
    {
        _dns.AddAddress("orders.example", "10.0.0.1");
        _dns.AddAddress("orders.example", "10.0.0.2");
        await using var host = CreateWithDns(("Port", "8443"), ("Scheme", "https"));

        var snapshot = await LookUpAsync(host);

        Assert.Equal(["https://10.0.0.1:8443/", "https://10.0.0.2:8443/"], snapshot.Instances.Select(instance => instance.Endpoints[0].AbsoluteUri).Order());
    }

    [Fact]
    public async Task Dns_WhenTheAnswerRunsOut_IsAskedAgainAndNotBefore()
    {
        _dns.AddAddress("orders.example", "10.0.0.1", ttl: 30);
        await using var host = CreateWithDns();
        await LookUpAsync(host);
        var queries = _dns.Queries;
        _dns.Clear();
        _dns.AddAddress("orders.example", "10.0.0.2", ttl: 30);
        host.Time.Advance(TimeSpan.FromSeconds(29));
        await Task.Delay(100, Cancellation);
        Assert.Equal(queries, _dns.Queries);

        await host.PassTimeUntilAsync(() => host.Known().Instances.Single().Id == "10.0.0.2", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Dns_ThatKnowsNothingEither_AnswersWithNothing()
    {
        await using var host = CreateWithDns();
        host.Registry.IsDown = false;
        host.Registry.List("orders");

        var snapshot = await LookUpAsync(host);

        Assert.Empty(snapshot.Instances);
        Assert.True(_dns.Queries >= 3);
    }

    [Fact]
    public async Task Dns_OnceTheRegistryNamesAnInstance_IsLeft()
    {
        _dns.AddAddress("orders.example", "10.0.0.1", ttl: 1);
        await using var host = CreateWithDns();
        host.Registry.IsDown = false;
        host.Registry.List("orders");
        Assert.Equal(SnapshotSource.Dns, (await LookUpAsync(host)).Source);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a")], []));

        Assert.Equal(["a"], (await host.KnownAsync(known => known.Source == SnapshotSource.Live)).Instances.Ids());
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Dns_ThatAnswersNonsense_IsAskedAgainAndThatIsSaidOnce(string what, Func<byte[], byte[]> spoil)
    {
        _dns.AddService("orders.example", "node1.example", 8081);
        _dns.AddAddress("node1.example", "10.0.0.1");
        _dns.Spoil = spoil;
        await using var host = CreateWithDns();
        host.Registry.IsDown = false;
        host.Registry.List("orders");

        Assert.Empty((await LookUpAsync(host)).Instances);
        Assert.True(_dns.Queries > 0, what);
        var queries = _dns.Queries;
        await host.PassTimeUntilAsync(() => _dns.Queries > queries, Bound);
        _dns.Spoil = answer => answer;

        await host.PassTimeUntilAsync(() => host.Known().Instances.Count == 1, Bound);
        Assert.DoesNotContain(Assert.Single(host.Log.Messages(DnsFailed)), char.IsControl);
    }

    [Fact]
    public async Task Dns_OfServiceRecordsOfWhichSomeNameNoHostOrPort_GivesTheOthers()
    {
        _dns.AddService("orders.example", "node1.example", 8081);
        _dns.AddService("orders.example", "xn--zzz?.example", 8082);
        _dns.AddService("orders.example", "node1.example", 0);
        _dns.AddAddress("node1.example", "10.0.0.1");
        await using var host = CreateWithDns();

        var snapshot = await LookUpAsync(host);

        Assert.Equal(["10.0.0.1:8081"], snapshot.Instances.Ids());
    }

    [Fact]
    public async Task Dns_OfANameThatIsTooLongForIt_SaysSo()
    {
        await using var host = CreateWithDns(("Suffix", string.Join('.', Enumerable.Repeat(new string('a', 63), 4))));
        host.Registry.IsDown = false;
        host.Registry.List("orders");

        Assert.Empty((await LookUpAsync(host)).Instances);
        Assert.Contains("255", Assert.Single(host.Log.Messages(DnsFailed)), StringComparison.Ordinal);
        Assert.Equal(0, _dns.Queries);
    }

    // RFC 2782: "A Target of "." means that the service is decidedly not available at this domain."
    [Fact]
    public async Task Dns_WhoseServiceRecordSaysThereIsNone_GivesNone()
    {
        _dns.AddService("orders.example", "", 0);
        _dns.AddAddress("orders.example", "10.0.0.1");
        await using var host = CreateWithDns();
        host.Registry.IsDown = false;
        host.Registry.List("orders");

        Assert.Empty((await LookUpAsync(host)).Instances);
        Assert.Equal(0, host.Log.Count(DnsFailed));
    }

    [Fact]
    public async Task Dns_TurnedOff_IsNotAsked()
    {
        await using var host = CreateWithDns(("Enabled", "false"));
        host.Registry.IsDown = false;
        host.Registry.List("orders");

        await LookUpAsync(host);

        Assert.Equal(0, _dns.Queries);
    }

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    // Time stands still, so that whoever waits for an answer that does not come waits for ever.
    private static Task<ServiceSnapshot> LookUpAsync(LookupHost host) => host.Discovery.GetInstancesAsync("orders", Cancellation).AsTask().WaitAsync(Bound, Cancellation);

    private LookupHost CreateWithDns(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["Enabled"] = "true", ["Servers:0"] = _dns.Address, ["Suffix"] = "example" };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return new(new() { IsDown = true }, all.Select(setting => KeyValuePair.Create("Discovery:Client:Dns:" + setting.Key, setting.Value)));
    }
}
