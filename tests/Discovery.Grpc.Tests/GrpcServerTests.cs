using Discovery.Testing;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using GrpcGreeter;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Discovery.Grpc.Tests;

/// <summary>A gRPC app as its template makes it: what it registers, and what it says of its health.</summary>
public sealed class GrpcServerTests : IAsyncLifetime
{
    private readonly InMemoryServiceRegistry _registry = new(TimeProvider.System);
    private HealthStatus _health = HealthStatus.Healthy;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Health.HealthClient Client => new(_channel);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Kestrel:EndpointDefaults:Protocols"] = "Http2",
            ["Discovery:Provider"] = "InMemory",
            ["Discovery:Client:CacheDirectory"] = "",
            ["Discovery:Registration:ServiceName"] = "greeter",
            ["Discovery:Registration:DrainDelay"] = "00:00:05",
        });
        builder.Services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(_registry));
        builder.Services.AddServiceRegistration();
        builder.Services.AddHealthChecks().AddCheck("own", () => new(_health));
        builder.Services.AddGrpc();
        _app = builder.Build();
        _app.MapGrpcService<Greeter.GreeterBase>();
        _app.MapGrpcServiceHealth();
        await _app.StartAsync(Cancellation);
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Registration_OfAnEndpointThatSpeaksHttp2Alone_IsOfSchemeGrpc()
    {
        await Eventually.HoldsAsync(() => _registry.Store.GetInstances("greeter").Count == 1, cancellationToken: Cancellation);

        var endpoint = Assert.Single(Assert.Single(_registry.Store.GetInstances("greeter")).Endpoints);
        Assert.Equal(("grpc", new Uri(_app.Urls.Single()).Port), (endpoint.Scheme, endpoint.Port));
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, ServingStatus.Serving)]
    [InlineData(HealthStatus.Degraded, ServingStatus.Serving)]
    [InlineData(HealthStatus.Unhealthy, ServingStatus.NotServing)]
    public async Task Check_OfTheApp_FollowsItsHealthChecks(HealthStatus health, ServingStatus expected)
    {
        _health = health;

        Assert.Equal(expected, (await Client.CheckAsync(new(), cancellationToken: Cancellation)).Status);
        Assert.Equal(expected, (await Client.CheckAsync(new() { Service = "greeter.Greeter" }, cancellationToken: Cancellation)).Status);
    }

    [Fact]
    public async Task Check_OfAServiceThatIsNotThere_IsNotFound()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => Client.CheckAsync(new() { Service = "other.Service" }, cancellationToken: Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    [Fact]
    public async Task Watch_OfTheApp_TellsOfChangesAndEndsWhenItIsToldToStop()
    {
        using var watch = Client.Watch(new(), cancellationToken: Cancellation);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        _health = HealthStatus.Unhealthy;
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        _health = HealthStatus.Healthy;
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        _app.Lifetime.StopApplication();
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.Null(await NextAsync(watch));
    }

    [Fact]
    public async Task Check_WhileTheAppDrains_IsNotServing()
    {
        await Eventually.HoldsAsync(() => _registry.Store.GetInstances("greeter").Count == 1, cancellationToken: Cancellation);
        _ = _app.StopAsync(Cancellation);

        await Eventually.HoldsAsync(async () => (await Client.CheckAsync(new(), cancellationToken: Cancellation)).Status is ServingStatus.NotServing, cancellationToken: Cancellation);
    }

    private static async Task<ServingStatus?> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch) =>
        await watch.ResponseStream.MoveNext(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation) ? watch.ResponseStream.Current.Status : null;
}
