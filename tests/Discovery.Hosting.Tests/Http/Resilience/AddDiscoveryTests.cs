using System.Net;
using System.Net.Http.Json;
using Discovery.Hosting.Tests.Lookup;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Discovery.Hosting.Tests.Http.Resilience;

public sealed class AddDiscoveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task IdempotentRequest_ThatAnInstanceFails_IsRetriedOnAnother(string method)
    {
        await using var client = new ResilientClient(instances: ["bad", "good"]);
        client.Network.Answer("bad", HttpStatusCode.ServiceUnavailable);

        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(new(method), "http://orders/");
            using var response = await client.Http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(10, client.Network.CountOf("good"));
        Assert.InRange(client.Network.CountOf("bad"), 1, 10);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task OtherRequest_ThatAnInstanceFails_IsNotSentTwice(string method)
    {
        await using var client = new ResilientClient(policy: "PickFirst", instances: ["bad", "good"]);
        client.Network.Answer("bad", HttpStatusCode.ServiceUnavailable);
        using var request = new HttpRequestMessage(new(method), "http://orders/");

        using var response = await client.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["bad"], client.Network.Asked);
    }

    [Fact]
    public async Task OtherRequest_BrokenOffHalfWay_IsNotSentTwice()
    {
        await using var client = new ResilientClient(policy: "PickFirst", instances: ["bad", "good"]);
        client.Network.Break("bad");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.PostAsync("http://orders/", null, Cancellation));

        Assert.Equal(["bad"], client.Network.Asked);
    }

    [Fact]
    public async Task OtherRequest_ThatNoInstanceHasReceived_IsRetriedBeyondTheHandlersOwnAttempts()
    {
        await using var client = new ResilientClient(policy: "PickFirst", instances: ["a1", "a2", "a3", "a4"]);

        // An ejection would put another instance first.
        client.Host.Configuration["Discovery:Client:Outliers:Enabled"] = "false";
        Array.ForEach(["a1", "a2", "a3"], client.Network.Refuse);

        using var response = await client.Http.PostAsync("http://orders/", JsonContent.Create(1), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["a1", "a2", "a3", "a4"], client.Network.Asked);
    }

    [Fact]
    public async Task Request_WhoseBodyCannotBeSentAgain_IsNotRetried()
    {
        await using var client = new ResilientClient(policy: "PickFirst", instances: ["bad", "good"]);
        client.Network.Answer("bad", HttpStatusCode.ServiceUnavailable);

        using var response = await client.Http.PutAsync("http://orders/", new StreamContent(new MemoryStream([1])), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["bad"], client.Network.Asked);
    }

    [Fact]
    public async Task Request_ThatAllInstancesFail_EndsWithTheLastAnswer()
    {
        await using var client = new ResilientClient(options => options.MaxRetries = 3, instances: ["bad1", "bad2"]);
        client.Network.Answer("bad1", HttpStatusCode.BadGateway);
        client.Network.Answer("bad2", HttpStatusCode.BadGateway);

        using var response = await client.Http.GetAsync("http://orders/", Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(4, client.Network.Asked.Count);
    }

    [Fact]
    public async Task Request_OutOfBudget_IsNotRetried()
    {
        await using var client = new ResilientClient(
            options => (options.RetryRatio, options.MinRetriesPerSecond, options.MinimumThroughput) = (0.1, 0, 1000), instances: ["bad"]);
        client.Network.Answer("bad", HttpStatusCode.ServiceUnavailable);

        for (var i = 0; i < 100; i++)
        {
            using var response = await client.Http.GetAsync("http://orders/", Cancellation);
        }

        Assert.Equal(110, client.Network.Asked.Count);
    }

    [Fact]
    public async Task Request_ThatAnInstanceDoesNotAnswer_GoesToAnotherAfterTheAttemptsTimeout()
    {
        await using var client = new ResilientClient(policy: "PickFirst", instances: ["bad", "good"]);
        client.Network.Hang("bad");
        var sending = client.Http.GetAsync("http://orders/", Cancellation);
        await Eventually.HoldsAsync(() => client.Network.CountOf("bad") == 1, cancellationToken: Cancellation);
        Assert.False(sending.IsCompleted);

        await client.Host.PassTimeUntilAsync(() => sending.IsCompleted, TimeSpan.FromSeconds(11));

        Assert.Equal(HttpStatusCode.OK, (await sending).StatusCode);
    }

    [Fact]
    public async Task Request_ThatNoInstanceAnswers_EndsAfterTheTotalTimeout()
    {
        await using var client = new ResilientClient(options => options.TotalTimeout = TimeSpan.FromSeconds(15), instances: ["bad"]);
        client.Network.Hang("bad");
        var sending = client.Http.GetAsync("http://orders/", Cancellation);
        await Eventually.HoldsAsync(() => client.Network.CountOf("bad") == 1, cancellationToken: Cancellation);

        await client.Host.PassTimeUntilAsync(() => sending.IsCompleted, TimeSpan.FromSeconds(16));

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => sending);
        Assert.Equal(2, client.Network.CountOf("bad"));
    }

    [Fact]
    public async Task Request_CancelledByItsCaller_IsNotRetried()
    {
        await using var client = new ResilientClient(instances: ["bad", "bad2"]);
        client.Network.Hang("bad");
        client.Network.Hang("bad2");
        using var cancelled = new CancellationTokenSource();
        var sending = client.Http.GetAsync("http://orders/", cancelled.Token);
        await Eventually.HoldsAsync(() => client.Network.Asked.Count == 1, cancellationToken: Cancellation);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(client.Network.Asked);
    }

    [Fact]
    public async Task Request_WithoutAnyInstance_FailsAtOnce()
    {
        await using var client = new ResilientClient();

        await Assert.ThrowsAsync<NoInstanceAvailableException>(() => client.Http.GetAsync("http://orders/", Cancellation));
    }

    [Fact]
    public async Task Circuit_OfAnInstanceThatFails_OpensAndClosesAgain()
    {
        await using var client = new ResilientClient(
            options => (options.MinimumThroughput, options.MaxRetries) = (4, 0), policy: "PickFirst", instances: ["bad", "good"]);
        client.Network.Answer("bad", HttpStatusCode.InternalServerError);
        await CallAsync(client, 4);
        Assert.Equal(1, client.Host.Log.Count(140));
        Assert.Equal(4, client.Network.CountOf("bad"));

        // Now it is passed by, whatever is asked for.
        for (var i = 0; i < 5; i++)
        {
            using var response = await client.Http.PostAsync("http://orders/", null, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(4, client.Network.CountOf("bad"));
        Assert.Equal(5, client.Network.CountOf("good"));

        client.Network.Answer("bad", HttpStatusCode.OK);
        client.Host.Time.Advance(TimeSpan.FromSeconds(6));
        await CallAsync(client, 3);

        Assert.Equal(7, client.Network.CountOf("bad"));
        Assert.Equal(1, client.Host.Log.Count(141));
    }

    [Fact]
    public async Task Circuit_OfACopyStartedAnew_IsClosed()
    {
        await using var client = new ResilientClient(options => (options.MinimumThroughput, options.MaxRetries) = (4, 0), instances: ["bad"]);
        client.Network.Answer("bad", HttpStatusCode.InternalServerError);
        await CallAsync(client, 4);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.Http.GetAsync("http://orders/", Cancellation));
        client.Network.Answer("bad", HttpStatusCode.OK);

        client.Host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("bad", incarnation: 7)], []));
        await client.Host.KnownAsync(known => known.Instances.Single().Incarnation == 7);

        Assert.Equal(HttpStatusCode.OK, (await client.Http.GetAsync("http://orders/", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Request_SentSynchronously_IsRetriedToo()
    {
        await using var client = new ResilientClient(policy: "PickFirst", instances: ["bad", "good"]);
        client.Network.Answer("bad", HttpStatusCode.ServiceUnavailable);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");

        using var response = client.Http.Send(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["bad", "good"], client.Network.Asked);
        Assert.Equal("http://orders/", request.RequestUri!.OriginalString);
    }

    [Fact]
    public async Task AddDiscovery_CalledTwice_RetriesOnce()
    {
        var network = new ScriptedTransport();
        await using var host = new LookupHost(configure: services =>
            services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => network).AddDiscovery().AddDiscovery(options => options.RetryDelay = TimeSpan.Zero));
        host.Registry.List("orders", Instances.Create("bad"));
        network.Answer("bad", HttpStatusCode.ServiceUnavailable);

        using var response = await host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetAsync("http://orders/", Cancellation);

        Assert.Equal(3, network.Asked.Count);
    }

    [Fact]
    public async Task AddDiscovery_ForAllClients_ServesThemAll()
    {
        var network = new ScriptedTransport();
        await using var host = new LookupHost(configure: services =>
        {
            services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => network).AddDiscovery(options => options.RetryDelay = TimeSpan.Zero));
            services.AddHttpClient("one");
        });
        host.Registry.List("orders", Instances.Create("bad"), Instances.Create("good"));
        network.Answer("bad", HttpStatusCode.ServiceUnavailable);
        var factory = host.Services.GetRequiredService<IHttpClientFactory>();

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await factory.CreateClient("one").GetAsync("http://orders/", Cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await factory.CreateClient("other").GetAsync("http://orders/", Cancellation)).StatusCode);
        }

        Assert.Equal(20, network.CountOf("good"));
    }

    private static async Task CallAsync(ResilientClient client, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            using var response = await client.Http.GetAsync("http://orders/", Cancellation);
        }
    }
}
