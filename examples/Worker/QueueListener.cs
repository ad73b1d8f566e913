using System.Net;
using System.Net.Sockets;
using System.Text;
using Discovery;

namespace Worker;

/// <summary>Takes lines over TCP at the endpoint that the registration names, works on them, and answers each.</summary>
internal sealed partial class QueueListener(Queue queue, IDiscoveryDiagnostics diagnostics, IConfiguration configuration, ILogger<QueueListener> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var endpoint = new Uri(configuration["Discovery:Registration:Endpoints:0"]!);
        using var listener = new TcpListener(IPAddress.Parse(endpoint.Host), endpoint.Port);
        listener.Start();
        var working = WorkAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            using var client = await listener.AcceptTcpClientAsync(stoppingToken);
            try
            {
                await TakeAsync(client.GetStream(), stoppingToken);
            }
            catch (IOException e)
            {
                LogBrokenOff(e.Message); // one client that went away is no reason for the others to be turned away
            }
        }

        await working;
    }

    private async Task TakeAsync(NetworkStream stream, CancellationToken stoppingToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        if (await reader.ReadLineAsync(stoppingToken) is { } line)
        {
            await queue.AddAsync(line, stoppingToken);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"taken by {diagnostics.GetRegistrations()[0].InstanceId}\n"), stoppingToken);
        }
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await foreach (var line in queue.ReadAllAsync(stoppingToken))
        {
            LogDone(line);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Done: {Line}")]
    private partial void LogDone(string line);

    [LoggerMessage(2, LogLevel.Information, "A client broke off: {Reason}")]
    private partial void LogBrokenOff(string reason);
}
