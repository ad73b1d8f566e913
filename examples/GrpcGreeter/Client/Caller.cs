using Grpc.Core;

namespace GrpcGreeter.Client;

/// <summary>Asks for a greeting every second.</summary>
internal sealed class Caller(Greeter.GreeterClient greeter) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var everySecond = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            try
            {
                var reply = await greeter.SayHelloAsync(new() { Name = "caller" }, deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: stoppingToken);
                Console.WriteLine($"{reply.Message}, said by {reply.Pid}");
            }
            catch (RpcException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException e)
            {
                Console.WriteLine(e.Status.Detail);
            }
        }
        while (await everySecond.WaitForNextTickAsync(stoppingToken));
    }
}
