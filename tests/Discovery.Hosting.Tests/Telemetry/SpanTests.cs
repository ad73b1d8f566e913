using System.Diagnostics;
using Discovery.Hosting.Tests.Http;
using Discovery.Hosting.Tests.Lookup;
using Discovery.Hosting.Tests.Registration;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Telemetry;

[Collection("Spans")]
public sealed class SpanTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pick_WithAListener_IsASpanThatShowsTheInstance()
    {
        using var spans = new RecordedSpans();
        await using var host = new LookupHost();
        host.Registry.List("traced-pick", Instances.Many(1));
        var picked = (await host.Discovery.PickAsync("traced-pick", default, Cancellation)).Instance;

        var span = Assert.Single(spans.Of("traced-pick"), span => span.DisplayName == "pick traced-pick");
        Assert.Equal(ActivityKind.Internal, span.Kind);
        Assert.Equal(picked.Id, span.GetTagItem("discovery.instance.id"));
        Assert.Equal(picked.Endpoints[0].Host, span.GetTagItem("server.address"));
        Assert.Equal(picked.Endpoints[0].Port, span.GetTagItem("server.port"));
        Assert.Equal("PowerOfTwoChoices", span.GetTagItem("discovery.policy"));
        Assert.Equal("live", span.GetTagItem("discovery.source"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    // A soft hyphen alone is read as a host, and has no form in DNS: a registry of one's own may name one.
    [Fact]
    public async Task Pick_OfAHostThatDnsHasNoNameFor_IsASpanThatShowsItAsItIs()
    {
        using var spans = new RecordedSpans();
        await using var host = new LookupHost();
        var endpoint = new Uri("http://\u00ad:80");
        host.Registry.List("traced-host", Instances.Create("odd") with { Endpoints = [endpoint] });
        await host.Discovery.PickAsync("traced-host", default, Cancellation);

        var span = Assert.Single(spans.Of("traced-host"), span => span.DisplayName == "pick traced-host");
        Assert.Equal(endpoint.Host, span.GetTagItem("server.address"));
    }

    [Fact]
    public async Task Pick_WithoutAnInstance_IsASpanWithAnError()
    {
        using var spans = new RecordedSpans();
        await using var host = new LookupHost();
        host.Registry.List("traced-nothing", []);
        await Assert.ThrowsAsync<NoInstanceAvailableException>(() => host.Discovery.PickAsync("traced-nothing", default, Cancellation).AsTask());

        var span = Assert.Single(spans.Of("traced-nothing"), span => span.DisplayName == "pick traced-nothing");
        Assert.Equal((ActivityStatusCode.Error, "no_instance"), (span.Status, span.GetTagItem("error.type")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HttpSpan_OfACallByName_ShowsTheInstanceChosen(bool withPipeline)
    {
        using var spans = new RecordedSpans();
        await using var server = await TestServer.StartAsync();
        var service = withPipeline ? "traced-pipeline" : "traced-handler";
        await using var host = new LookupHost(realTime: true, configure: collection =>
        {
            var client = collection.AddHttpClient("c");
            _ = withPipeline ? client.AddDiscovery() : client.AddDiscoveryHandler();

            // Whatever the app puts in afterwards.
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
        });
        host.Registry.List(service, server.AsInstance("one") with { ServiceName = service });
        using var http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("c");
        await http.GetStringAsync(new Uri($"http://{service}/"), Cancellation);

        var call = Assert.Single(spans.Of(service), span => span.Source.Name == "System.Net.Http");
        Assert.Equal("one", call.GetTagItem("discovery.instance.id"));
        Assert.Equal(new Uri(server.Address).Port, call.GetTagItem("server.port"));
    }

    [Fact]
    public async Task RegistryCalls_OfARegistration_AreSpansOfTheirOwnTraces()
    {
        using var spans = new RecordedSpans();
        using var loop = new LoopUnderTest();
        using var request = new Activity("a request that registers").Start();
        await loop.StartAsync(LoopUnderTest.Instance() with { ServiceName = "traced-beats" });
        await loop.MoveAsync(TimeSpan.FromSeconds(12));
        request.Stop();

        var calls = spans.Of("traced-beats");
        Assert.Equal("register traced-beats", calls[0].DisplayName);
        Assert.Contains(calls, call => call.DisplayName == "keep_alive traced-beats");
        Assert.All(calls, call => Assert.NotEqual(request.TraceId, call.TraceId)); // the registration outlives the request that asked for it
        Assert.All(calls, call => Assert.Equal(loop.Registry.Description, call.GetTagItem("discovery.registry")));
    }

    [Fact]
    public async Task RegistryCall_ThatFails_IsASpanWithItsErrorType()
    {
        using var spans = new RecordedSpans();
        using var loop = new LoopUnderTest();
        loop.Registry.OnRegister = _ => throw new RegistryException(RegistryErrorKind.Denied, "no");
        await loop.StartAsync(LoopUnderTest.Instance() with { ServiceName = "traced-denied" });

        var call = (await EndedAsync(spans, "traced-denied", 1))[0];
        Assert.Equal((ActivityStatusCode.Error, "denied"), (call.Status, call.GetTagItem("error.type")));
    }

    [Fact]
    public async Task RegistryCall_NotMadeWhileTheCircuitIsOpen_IsASpanThatSaysSo()
    {
        using var spans = new RecordedSpans();
        using var loop = new LoopUnderTest();
        loop.Registry.OnRegister = _ => throw new RegistryException("down");
        for (var i = 1; i <= 10; i++)
        {
            await loop.StartAsync(LoopUnderTest.Instance($"down-{i}") with { ServiceName = "traced-down" });
            await EndedAsync(spans, "traced-down", i);
        }

        await loop.StartAsync(LoopUnderTest.Instance() with { ServiceName = "traced-open" });

        var call = Assert.Single(await EndedAsync(spans, "traced-open", 1));
        Assert.Equal((ActivityStatusCode.Error, "circuit_open"), (call.Status, call.GetTagItem("error.type")));
        Assert.DoesNotContain(loop.Registry.Calls, made => made.Instance?.ServiceName == "traced-open");
    }

    // A call's own time-out is a timer too: the loop may be at rest within its first call.
    private static async Task<IReadOnlyList<Activity>> EndedAsync(RecordedSpans spans, string service, int count)
    {
        await Eventually.HoldsAsync(() => spans.Of(service).Count == count, cancellationToken: Cancellation);
        return spans.Of(service);
    }
}
