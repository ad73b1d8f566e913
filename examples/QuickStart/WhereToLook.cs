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
        using var startedOrStopped = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken);
        await Task.Delay(Timeout.Infinite, startedOrStopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The instance's ID follows from the bound port, and is known a moment after the start.
        for (var waited = TimeSpan.Zero; waited < Patience && !stoppingToken.IsCancellationRequested && own.WhoAmI.Id is null; waited += Pause)
        {
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (stoppingToken.IsCancellationRequested)
        {
            return; // also where the start has failed, which the host tells by itself
        }

        Console.WriteLine($"""

              QuickStart serves at  {own.Url}
              the dashboard is at   {own.Url}/discovery
              provider              {Provider}
              instance              {own.WhoAmI.Id ?? "(not registered yet)"}

              Start a second copy with --urls {own.AnotherUrl} and watch it appear; stop with Ctrl+C.

            """);
    }
}
