namespace QuickStart;

/// <summary>Tells whoever started this copy where to look.</summary>
internal sealed class WhereToLook(OwnRegistration own, IHostApplicationLifetime lifetime, IConfiguration configuration) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private string Provider => configuration.GetSection("Discovery:Providers").GetChildren().Select(name => name.Value).ToList() is { Count: > 0 } several
        ? string.Join(" and ", several)
        : configuration["Discovery:Provider"] is { Length: > 0 } one ? one : "Local";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        // The instance's ID follows from the bound port, and is known a moment after the start.
        for (var waited = TimeSpan.Zero; waited < Patience && own.WhoAmI.Id is null; waited += Pause)
        {
            await Task.Delay(Pause, stoppingToken);
        }

        Console.WriteLine($"""

              QuickStart serves at  {own.Url}
              provider              {Provider}
              instance              {own.WhoAmI.Id ?? "(not registered yet)"}

              Start a second copy with --urls http://127.0.0.1:5001 and watch it appear; stop with Ctrl+C.

            """);
    }
}
