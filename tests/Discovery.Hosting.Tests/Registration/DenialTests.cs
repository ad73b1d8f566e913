using System.Diagnostics;
using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>An app that may do nothing: it says which permission is missing, once, and asks again as rarely as after any failure.</summary>
public sealed class DenialTests
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consul_DeniesEverything_IsAskedRarelyAndTheMissingPermissionSaidOnce()
    {
        await using var server = await FakeServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("Permission denied", context.RequestAborted);
        });
        await AssertPatientAsync(server, "service:write", new() { ["Discovery:Provider"] = "Consul", ["Discovery:Consul:Address"] = server.Address.GetLeftPart(UriPartial.Authority) });
    }

    [Fact]
    public async Task Etcd_DeniesEverything_IsAskedRarelyAndTheMissingPermissionSaidOnce()
    {
        await using var server = await FakeServer.StartAsync(
            context =>
            {
                context.Response.ContentType = "application/grpc";
                context.Response.DeclareTrailer("grpc-status");
                context.Response.AppendTrailer("grpc-status", "7");
                context.Response.AppendTrailer("grpc-message", "etcdserver: permission denied");
                return Task.CompletedTask;
            },
            HttpProtocols.Http2);
        await AssertPatientAsync(server, "must grant", new() { ["Discovery:Provider"] = "Etcd", ["Discovery:Etcd:Endpoints:0"] = server.Address.GetLeftPart(UriPartial.Authority) });
    }

    private static async Task AssertPatientAsync(FakeServer server, string permission, Dictionary<string, string?> settings)
    {
        var logs = new ListLoggerProvider();
        await using var app = Build(settings, logs);
        await app.StartAsync(Cancelled);
        using var view = app.Services.GetRequiredService<IServiceDiscovery>().GetView("payments");
        await Eventually.HoldsAsync(() => server.Requests >= 2, TimeSpan.FromSeconds(60), Cancelled);
        var (before, startedAt) = (server.Requests, Stopwatch.GetTimestamp());
        await Task.Delay(Watched, Cancelled); // what would be a hot loop has time to be one
        var (asked, seconds) = (server.Requests - before, Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        await app.StopAsync(Cancelled);

        Assert.InRange(asked, 1, 20 + (8 * seconds)); // first a few quick ones, then one or two a second of the registration and of the watch each
        var told = logs.Entries.Where(entry => entry.Level >= LogLevel.Warning && entry.Message.Contains(permission, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(told);
        Assert.Distinct(told.Select(entry => entry.EventId)); // of the registration, and of the watch
    }

    private static WebApplication Build(Dictionary<string, string?> settings, ListLoggerProvider logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Client:CacheDirectory"] = "",
            ["Discovery:Registration:ServiceName"] = "orders",
            ["Discovery:Registration:DrainDelay"] = "00:00:00",
            ["Discovery:Registration:Ttl"] = "00:00:06",
        });
        builder.Logging.AddProvider(logs);
        builder.Services.AddServiceRegistration();
        return builder.Build();
    }
}
