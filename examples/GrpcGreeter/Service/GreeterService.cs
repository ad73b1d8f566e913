using Grpc.Core;

namespace GrpcGreeter.Service;

public sealed class GreeterService(IHostApplicationLifetime lifetime) : Greeter.GreeterBase
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public override Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context) => Task.FromResult(Greet(request));

    // A stream that did not end here would hold up the exit, and then be broken off. Its caller opens another one, which reaches another copy.
    public override async Task Follow(HelloRequest request, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
    {
        using var told = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        while (!told.IsCancellationRequested)
        {
            await responseStream.WriteAsync(Greet(request), context.CancellationToken);
            await Task.Delay(Pause, told.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static HelloReply Greet(HelloRequest request) => new() { Message = $"Hello {request.Name}", Pid = Environment.ProcessId };
}
