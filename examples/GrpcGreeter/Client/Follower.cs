using Grpc.Core;

namespace GrpcGreeter.Client;

/// <summary>Follows the greetings of one copy for as long as it runs, and then those of another.</summary>
internal sealed class Follower(Greeter.GreeterClient greeter) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var last = 0;
                using var stream = greeter.Follow(new() { Name = "follower" }, cancellationToken: stoppingToken);
                await foreach (var reply in stream.ResponseStream.ReadAllAsync(stoppingToken))
                {
                    if (reply.Pid != last)
                    {
                        Console.WriteLine($"Following {last = reply.Pid}");
                    }
                }
            }
            catch (RpcException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException e)
            {
                Console.WriteLine(e.Status.Detail);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }
}
