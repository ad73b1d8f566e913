using System.Net;
using Grpc.Core;
using GrpcGreeter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.Grpc.Tests;

/// <summary>A real gRPC server on a loopback port that says what it is called.</summary>
public sealed class GreetingServer : IAsyncDisposable
{
    private readonly string _id;
    private WebApplication? _app;
    private int _calls;

    private GreetingServer(string id) => _id = id;

    public int Port { get; private set; }

    /// <summary>How many calls have reached it.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What it answers calls with.</summary>
    public StatusCode Status { get; set; } = StatusCode.OK;

    /// <summary>Whether a failing call's status comes after its headers, which makes the answer final: no channel tries again then.</summary>
    public bool SendsHeadersFirst { get; set; } = true;

    /// <summary>Calls are not answered before it ends.</summary>
    public TaskCompletionSource? Holds { get; set; }

    public static async Task<GreetingServer> StartAsync(string id)
    {
        var server = new GreetingServer(id);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, again on the port it had.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listener => listener.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(this).AddGrpc();
        _app = builder.Build();
        _app.MapGrpcService<Service>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Port = new Uri(_app.Urls.Single()).Port;
    }

    public ServiceInstance Of(string serviceName, string scheme = "grpc") => new() { ServiceName = serviceName, Id = _id, Endpoints = [new($"{scheme}://127.0.0.1:{Port}")] };

    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default); // calls under way are not waited for
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private sealed class Service(GreetingServer server) : Greeter.GreeterBase
    {
        public override async Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref server._calls);
            if (server.Holds is { } held)
            {
                await held.Task.WaitAsync(context.CancellationToken);
            }

            if (server.SendsHeadersFirst)
            {
                await context.WriteResponseHeadersAsync([]);
            }

            return server.Status is StatusCode.OK ? new() { Message = server._id } : throw new RpcException(new Status(server.Status, "as the test wants it"));
        }

        public override async Task Follow(HelloRequest request, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
        {
            Interlocked.Increment(ref server._calls);
            await responseStream.WriteAsync(new() { Message = server._id }, context.CancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
