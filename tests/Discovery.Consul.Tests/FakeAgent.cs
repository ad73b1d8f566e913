using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.Consul.Tests;

/// <summary>An agent that answers as a real one never would: what a test gives it to.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private FakeAgent(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<FakeAgent> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var agent = new FakeAgent(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref agent._requests);
            return answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return agent;
    }

    /// <summary>Answers everything with this body, as the list of a service at this index.</summary>
    public static Task<FakeAgent> AnsweringAsync(byte[] body, int status = 200, long index = 5) => StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Consul-Index"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // hanging answers are not waited for
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // asked for
        }

        await _app.DisposeAsync();
    }
}
